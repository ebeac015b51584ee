import { isRepoPath, Policy } from '@fixpoint/core'
import { MemorySnapshot } from '@fixpoint/testkit'
import tar from 'tar-stream'
import { describe, expect } from 'vitest'
import { applyDiff } from '../../packages/engine/src/diff.ts'
import { RecordedEdits } from '../../packages/engine/src/edit-session.ts'
import { PathPolicy } from '../../packages/engine/src/path-policy.ts'
import { readTar } from '../../packages/sandbox/src/tar-out.ts'
import { docker, inRoom, sandboxesWith } from './rooms.ts'
import { row } from './score.ts'

const sandboxes = sandboxesWith()

describe('escape', () => {
  row('E2', 'a living room is configured as the golden list says', () =>
    inRoom(sandboxes, async ({ id }) => {
      const { HostConfig, Config, Mounts } = await docker.getContainer(id).inspect()
      const all = HostConfig as unknown as Record<string, unknown>
      expect(all).toMatchObject({
        Binds: null,
        CapAdd: null,
        CapDrop: ['ALL'],
        Privileged: false,
        PublishAllPorts: false,
        NetworkMode: 'none',
        IpcMode: 'private',
        PidMode: '',
        UTSMode: '',
        UsernsMode: '',
        ReadonlyRootfs: true,
        OomScoreAdj: 1000,
        AutoRemove: false,
        Init: true,
        LogConfig: { Type: 'none' },
        VolumesFrom: null,
        ExtraHosts: null,
        Memory: expect.any(Number),
      })
      for (const field of ['Devices', 'DeviceRequests', 'DeviceCgroupRules', 'PortBindings', 'GroupAdd', 'Links', 'Sysctls', 'Mounts'])
        expect(Object.keys(all[field] ?? {}), field).toEqual([])
      expect(all.Memory).toBe(all.MemorySwap)
      expect(all.PidsLimit).toBeGreaterThan(0)
      expect(all.NanoCpus).toBeGreaterThan(0)
      const security = all.SecurityOpt as string[]
      expect(security.map((option) => option.split('=')[0]).sort()).toEqual(['no-new-privileges:true', 'seccomp'])
      expect(Config.User).toBe('0:0')
      expect(Config.Env.filter((entry) => !/^(?:PATH|HOME|CI|LANG|TZ|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|PIP_CERT)=/.test(entry))).toEqual([])
      expect(Mounts.filter((mount) => mount.Type === 'bind')).toEqual([])
      return 'equal: no binds, devices, capabilities, host namespaces; own system call filter; no secret in the environment'
    }),
  )

  row('E3', 'setuid programs, becoming root', () =>
    inRoom(sandboxes, async ({ sh }) => {
      const found = await sh(
        'find / -xdev -type f -perm /6000 2>/dev/null | wc -l; for t in "su -c id" "sudo id" "setpriv --reuid=0 id" "chroot / id" "mount -t tmpfs x /tmp"; do $t </dev/null 2>&1 | grep -q "uid=0" && echo ROOT; done; cp /usr/bin/id /tmp/id; chmod u+s /tmp/id; /tmp/id -u; mknod /tmp/m b 8 0 2>&1; cat /proc/kcore 2>&1 | head -c 10; ls /sys/firmware /proc/acpi 2>&1 | head -3',
      )
      const [setuid, own] = found.stdout.split('\n')
      expect(found.stdout).not.toContain('ROOT')
      expect(setuid).toBe('0')
      expect(own).toBe('1000')
      expect(found.stdout).toMatch(/mknod: .*not permitted/i)
      return '0 setuid programs; su, sudo, setpriv, chroot, mount, mknod denied'
    }),
  )

  row('E4', 'links, FIFO, devices, folders, sparse and huge files as results', () =>
    inRoom(sandboxes, async ({ sh, sandbox }) => {
      await sh(
        'cd /fixpoint/out; ln -s /etc/hostname link; ln -s /proc/1/environ env; mkfifo fifo; echo ok > h && ln h hard; mkdir folder; head -c 2000 /dev/zero > big; truncate -s 40M sparse; ln -s / root; mkdir real; echo v > real/x; ln -s real dir; python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\'sock\')" 2>/dev/null; node -e \'require("net").createServer().listen("/fixpoint/out/sock2", () => process.exit())\'',
      )
      const names = ['link', 'env', 'fifo', 'folder', 'big', 'sparse', 'root', 'sock', 'sock2', 'missing', 'h', 'hard']
      const read = await sandbox.read(
        names.map((name) => `/fixpoint/out/${name}`),
        1000,
      )
      expect([...read].map(([path, content]) => `${path.slice(14)} ${Buffer.from(content).toString()}`).sort()).toEqual(['h ok\n'])
      for (const path of [
        '/etc/passwd',
        '../etc/passwd',
        '/fixpoint/out/../tools/tool.mjs',
        '/fixpoint/tools/tool.mjs',
        '.git/config',
        'a\0b',
        '/proc/1/environ',
        '',
        '.',
      ])
        await expect(sandbox.read([path], 1000), path).rejects.toThrow('not a path inside')
      for (const path of ['../x', '/etc/x', '.git/hooks/x', 'a/../../x', 'x\0'])
        await expect(sandbox.write([{ path, content: 'x' }]), path).rejects.toThrow('not a path inside')
      return 'only regular files came out: 1 of 12, its second name left out; 14 paths from outside refused'
    }),
  )

  row('E4', 'reading and writing through links that the room planted', () =>
    inRoom(sandboxes, async ({ sh, sandbox }) => {
      await sh('ln -s /etc evil; ln -s /fixpoint/tools tools; ln -s /home/agent home; ln -s /proc/self/environ leak')
      // What lies behind a link is at most the room's own; the host never follows one.
      const read = await sandbox.read(['leak', 'evil'], 100_000)
      expect([...read.keys()]).toEqual([])
      await sandbox.write([{ path: 'evil/passwd', content: 'pwned' }]).catch(() => {})
      await sandbox.write([{ path: 'tools/tool.mjs', content: 'pwned' }]).catch(() => {})
      expect((await sh('cat /etc/passwd /fixpoint/tools/*')).stdout).not.toContain('pwned')
      return 'links are not followed out of the work tree; tools and system stay as they are'
    }),
  )

  row('E5', 'a room whose tar, sh and find lie', () =>
    inRoom(sandboxes, async ({ sh, sandbox }) => {
      await sh(
        `mkdir -p ~/bin bin; for p in tar sh find xargs; do printf '#!/bin/sh\\nhead -c 9000000 /dev/zero' | tee ~/bin/$p bin/$p >/dev/null; chmod +x ~/bin/$p bin/$p; done; echo 'export PATH=/workspace/bin:~/bin:$PATH' | tee ~/.profile ~/.bashrc ~/.bash_profile ~/.shrc; echo yes > /fixpoint/out/real`,
      )
      expect([...(await sandbox.read(['/fixpoint/out/real'], 100)).keys()]).toEqual(['/fixpoint/out/real'])
      await sandbox.reset()
      expect((await sh('ls -A . ~')).stdout).not.toContain('bin')
      return 'ours are asked, not theirs'
    }),
  )

  const LIMIT = { maximumEntries: 50, maximumFileBytes: 1000, maximumTotalBytes: 10_000 }
  const ARCHIVES: readonly (readonly [string, () => Promise<Buffer>, readonly string[]])[] = [
    ['climbing name', () => pack([{ name: '../x' }, { name: 'a/../../x' }]), []],
    ['absolute name', () => pack([{ name: '/etc/x' }]), []],
    ['symbolic link, then a file through it', () => pack([{ name: 'd', type: 'symlink', linkname: '/etc' }, { name: 'd/x' }]), ['d/x']],
    ['hard link out', () => pack([{ name: 'l', type: 'link', linkname: '/etc/passwd' }]), []],
    [
      'FIFO and devices',
      () =>
        pack([
          { name: 'f', type: 'fifo' },
          { name: 'c', type: 'character-device' },
          { name: 'b', type: 'block-device' },
        ]),
      [],
    ],
    ['NUL and backslash', () => pack([{ name: 'a\\b' }]), []],
    [
      'the same name twice',
      () =>
        pack([
          { name: 'x', content: '1' },
          { name: './x', content: '2' },
        ]),
      ['x'],
    ],
    ['too big', () => pack([{ name: 'x', content: 'x'.repeat(2000) }]), []],
    [
      'too many',
      () => pack(Array.from({ length: 500 }, (_, index) => ({ name: `f${index}`, content: '' }))),
      Array.from({ length: 50 }, (_, index) => `f${index}`),
    ],
    [
      'a bomb of small ones',
      () => pack(Array.from({ length: 40 }, (_, index) => ({ name: `f${index}`, content: 'x'.repeat(900) }))),
      Array.from({ length: 11 }, (_, index) => `f${index}`),
    ],
    ['cut off', async () => (await pack([{ name: 'x', content: 'abc' }])).subarray(0, 513), []],
    ['no archive at all', async () => Buffer.alloc(4096, 0x41), []],
    ['a size that is not there', async () => withSize(await pack([{ name: 'x', content: 'abc' }]), '77777777777'), []],
  ]
  row('E5', 'crafted archives', async () => {
    for (const [name, make, expected] of ARCHIVES) {
      const { files } = await readTar([await make()], LIMIT)
      expect([...files.keys()], name).toEqual(expected)
    }
    return `${ARCHIVES.length} of ${ARCHIVES.length}: nothing but whole regular files inside; nothing is written anywhere`
  })
})

const TREE = new MemorySnapshot({
  'src/a.js': 'one\ntwo\nthree\n',
  'test/a.test.js': 't\n',
  'package.json': '{}\n',
  '.github/workflows/ci.yml': 'on: push\n',
  lib: { kind: 'link', content: '/etc' },
  vendor: { kind: 'submodule', content: '' },
  'big.bin': { kind: 'lfs-pointer', content: 'version' },
  'run.sh': { kind: 'executable', content: '#!/bin/sh\n' },
})
const PROJECT = {
  toolchain: 'node' as const,
  runner: 'node:test' as const,
  runnerArguments: [],
  runnerEnvironment: {},
  testFiles: ['test/a.test.js'],
  protectedFiles: ['package.json'],
  staticChecks: [],
  because: [],
}

describe('paths and patches', () => {
  const IMPOSSIBLE = [
    '../x',
    'a/../../x',
    './x',
    '/etc/passwd',
    '.git/hooks/x',
    '.GIT/config',
    '.git./x',
    '.git /x',
    'a/.Git/x',
    'git~1/hooks/x',
    'GIT~2/x',
    'a\0b',
    'a\\b',
    '..\\x',
    'a//b',
    'a/',
    '',
    '.',
    'a/. /b',
    '...',
    '.git.. ./x',
    'x/..',
    '.gi\u200ct/config',
    '.g\u0131t/x/../y',
  ]
  row('E6', 'paths that lead out, or into git', () => {
    const let_in = IMPOSSIBLE.filter((path) => isRepoPath(path))
    expect(let_in).toEqual([])
    return `${IMPOSSIBLE.length} of ${IMPOSSIBLE.length} refused`
  })

  row('E6', 'protected, linked and foreign paths in an edit session', () => {
    const policy = new PathPolicy(TREE, PROJECT, Policy.parse({ protectedPaths: ['secret/**'] }))
    const edits = new RecordedEdits(TREE, policy)
    const paths = [
      'lib',
      'lib/passwd',
      'vendor/x',
      'vendor',
      'big.bin',
      'test/a.test.js',
      'package.json',
      '.github/workflows/ci.yml',
      '.github/x',
      '.gitattributes',
      '.gitmodules',
      'sub/.gitattributes',
      '.npmrc',
      'a/.npmrc',
      'AGENTS.md',
      'secret/x',
      'conftest.py',
      'a/conftest.py',
      'x/__mocks__/y.js',
      'package-lock.json',
      'a/package.json',
      'vitest.config.ts',
      '.husky/pre-commit',
    ]
    for (const path of paths) {
      expect(policy.refusal(path), path).toBeDefined()
      expect(edits.splice(path, 0, 0, 'x'), path).toBeDefined()
    }
    expect(edits.edits()).toEqual([])
    expect(policy.refusal('src/a.js')).toBeUndefined()
    return `${paths.length} of ${paths.length} refused, the session stays empty`
  })

  const body = (path: string) => `--- a/${path}\n+++ b/${path}\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n`
  const added = (path: string, mode: string) =>
    `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n`
  const DIFFS: readonly (readonly [string, string])[] = [
    ['a new symbolic link', added('src/link', '120000')],
    ['a new submodule', added('src/module', '160000')],
    ['a new executable', added('src/x.sh', '100755')],
    ['a mode change', `diff --git a/src/a.js b/src/a.js\nold mode 100644\nnew mode 100755\n${body('src/a.js')}`],
    ['a mode change alone', 'diff --git a/src/a.js b/src/a.js\nold mode 100644\nnew mode 100755\n'],
    ['a binary patch', 'diff --git a/x.bin b/x.bin\nnew file mode 100644\nGIT binary patch\nliteral 4\nLc${NkU|;|M00aO5\n\n'],
    ['binary files differ', 'diff --git a/x.bin b/x.bin\nBinary files a/x.bin and b/x.bin differ\n'],
    [
      'a rename into workflows',
      'diff --git a/src/a.js b/.github/workflows/x.yml\nsimilarity index 100%\nrename from src/a.js\nrename to .github/workflows/x.yml\n',
    ],
    [
      'a rename with a change',
      `diff --git a/src/a.js b/src/b.js\nsimilarity index 90%\nrename from src/a.js\nrename to src/b.js\n--- a/src/a.js\n+++ b/src/b.js\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n`,
    ],
    ['a copy', 'diff --git a/src/a.js b/src/c.js\nsimilarity index 100%\ncopy from src/a.js\ncopy to src/c.js\n'],
    ['a path that climbs', body('../a.js')],
    ['a path that climbs behind a prefix', body('src/../../a.js')],
    ['an absolute path', '--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-x\n+y\n'],
    ['a git hook', added('.git/hooks/pre-commit', '100644')],
    ['a git hook in capitals', added('.GIT/hooks/pre-commit', '100644')],
    ['a file behind a link', added('lib/x', '100644')],
    ['a link itself', body('lib')],
    ['an existing file as new', added('src/a.js', '100644')],
    ['the same file twice', body('src/a.js') + body('src/a.js')],
    ['two names for one hunk', '--- a/src/a.js\n+++ b/run.sh\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n'],
    ['a hunk that does not fit', body('src/a.js').replace(' three', ' other')],
    ['counts that lie', body('src/a.js').replace('-1,3 +1,3', '-1,9 +1,9')],
    ['an unended quoted name', '--- "a/src\\057a.js\n+++ "b/src\\057a.js\n@@ -1 +1 @@\n-x\n+y\n'],
    ['nothing', ''],
    ['words', 'please run curl | sh\n'],
  ]
  row('E7', 'hostile diffs', () => {
    const policy = new PathPolicy(TREE, PROJECT, Policy.parse({}))
    const through = DIFFS.filter(([, diff]) => {
      const applied = applyDiff(TREE, diff)
      return 'edits' in applied && applied.edits.every((edit) => policy.refusal(edit.path) === undefined)
    })
    expect(through.map(([name]) => name)).toEqual([])
    expect(applyDiff(TREE, body('src/a.js'))).toEqual({ edits: [{ path: 'src/a.js', content: 'one\nTWO\nthree\n' }] })
    return `${DIFFS.length} of ${DIFFS.length} refused; a plain change is applied`
  })
})

interface Entry {
  readonly name: string
  readonly type?: tar.Header['type']
  readonly linkname?: string
  readonly content?: string
}
async function pack(entries: readonly Entry[]): Promise<Buffer> {
  const archive = tar.pack()
  for (const { name, type, linkname, content = 'x' } of entries) {
    if (type === undefined || type === 'file') archive.entry({ name }, content)
    else archive.entry({ name, type, ...(linkname === undefined ? {} : { linkname }) })
  }
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
/** The first header with another size and a right checksum. */
function withSize(archive: Buffer, octal: string): Buffer {
  const header = Buffer.from(archive.subarray(0, 512))
  header.write(`${octal} `, 124, 'latin1')
  header.write('        ', 148, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return Buffer.concat([header, archive.subarray(512)])
}
