import { createHash } from 'node:crypto'
import type Docker from 'dockerode'
import { RoomContainer } from './container.ts'
import { engineFailure } from './docker-engine.ts'
import { AGENT, buildHostConfig, HOME, KEEPER, PRISTINE, RESULTS, TEMPORARY, TOOLS, WORKSPACE } from './host-config.ts'
import type { RoomLimits } from './limits.ts'

export interface SelfTestCheck {
  readonly name: string
  readonly passed: boolean
  readonly detail: string
}

/** Every line it prints is `name=value`; it runs as a command of a room would, and tries what a room must not allow. */
const PROBE = `
say() { echo "$1=$(echo "$2" | tr '\\n' ' ')"; }
field() { sed -n "s/^$1:[[:space:]]*//p" "$2"; }
say uid "$(id -u):$(id -g)"
say capabilities "$(for f in /proc/self/status /proc/1/status; do for c in CapInh CapPrm CapEff CapBnd CapAmb; do field $c $f; done; done | sort -u)"
say no-new-privileges "$(field NoNewPrivs /proc/self/status)"
say seccomp "$(field Seccomp /proc/self/status)"
say forbidden-socket "$(perl -e 'socket(S, 40, 1, 0); print $! + 0')"
say namespace "$(unshare -U true 2>&1 && echo made)"
say interfaces "$(sed -n 's/^ *\\([^ :]*\\):.*/\\1/p' /proc/net/dev)"
say routes "$(sed 1d /proc/net/route)"
say connection "$(bash -c 'exec 3<>/dev/tcp/192.0.2.1/80' 2>&1 && echo open)"
say root-writable "$(for d in / /etc /usr /var /root /etc/hosts /etc/resolv.conf ${TOOLS} ${PRISTINE}; do if [ -w "$d" ]; then echo "$d"; fi; done)"
say init-killable "$(kill -9 1 2>/dev/null && echo yes)"
say init-readable "$(cat /proc/1/environ 2>/dev/null | head -c 20)"
say engine-socket "$(ls /var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock 2>/dev/null)"
say setuid "$(find / -xdev -type f -perm /6000 2>/dev/null)"
say devices "$(find /dev -xdev \\( -type b -o -type c \\) | sort)"
say memory "$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null)"
say processes "$(cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null)"
say kinds "$(awk '{print $3}' /proc/self/mounts 2>/dev/null || cut -d' ' -f3 /proc/self/mounts)"
for d in ${[WORKSPACE, TEMPORARY, HOME, RESULTS, TOOLS, PRISTINE].join(' ')}; do say "tmpfs:$d" "$(grep " $d tmpfs " /proc/self/mounts | cut -d' ' -f4)"; done
`

const HARMLESS_DEVICES: ReadonlySet<string> = new Set(
  ['console', 'full', 'null', 'ptmx', 'random', 'tty', 'urandom', 'zero', 'core'].map((name) => `/dev/${name}`),
)

/** Changes with whatever the proof depends on: the image, the engine, its kernel, and what we ask of it. */
export async function proofKey(docker: Docker, image: string, limits: RoomLimits): Promise<string> {
  const engine = await docker.info().catch((error: unknown) => {
    throw engineFailure(error)
  })
  const asked = buildHostConfig(limits, { volumes: [], tmpfs: [] })
  const parts = [image, engine.ID, engine.ServerVersion, engine.KernelVersion, engine.DefaultRuntime, engine.SecurityOptions, asked, PROBE]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** Opens a room of nobody's and tries to get out of it. Every check is named, so that a failing one can be looked up. */
export async function runSelfTest(
  docker: Docker,
  image: string,
  limits: RoomLimits,
  labels: Record<string, string>,
  signal: AbortSignal,
  promised: RoomLimits = limits,
): Promise<readonly SelfTestCheck[]> {
  const container = await RoomContainer.start(docker, { image, limits, mounts: { volumes: [], tmpfs: [] }, labels })
  try {
    const run = (user: string, script: string) =>
      container.exec({ argv: ['sh', '-c', script], user, folder: WORKSPACE, timeoutMs: 20_000, outputLimit: 65_536, floodLimit: 2 ** 20 }, signal)
    const probe = await run(AGENT, PROBE)
    const facts = new Map(
      probe.stdout.split('\n').flatMap((line): [string, string][] => {
        const at = line.indexOf('=')
        return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()]]
      }),
    )
    const checks = checksOf(facts, promised)
    await run(AGENT, 'kill -9 -1')
    const after = await run(KEEPER, 'sed -n "s/^CapEff:[[:space:]]*//p" /proc/self/status')
    const survived = after.exitCode === 0 && after.stdout.trim() === '0000000000000000'
    return [
      ...checks,
      check('a command cannot end the room', survived, survived ? 'the room outlived kill -9 -1' : `exit ${after.exitCode}, ${after.stdout.trim()}`),
    ]
  } finally {
    await container.remove()
  }
}

function checksOf(facts: ReadonlyMap<string, string>, limits: RoomLimits): readonly SelfTestCheck[] {
  const is = (name: string, fact: string, expected: string) => check(name, facts.get(fact) === expected, `${fact}: ${facts.get(fact) ?? 'not answered'}`)
  const bounded = (name: string, fact: string, limit: number) => {
    const value = Number(facts.get(fact) || Number.NaN)
    return check(name, value > 0 && value <= limit, `${fact}: ${facts.get(fact) ?? 'not answered'}, allowed ${limit}`)
  }
  const devices = (facts.get('devices') ?? '?').split(' ').filter((device) => !HARMLESS_DEVICES.has(device) && !/^\/dev\/pts\//.test(device))
  const connection = facts.get('connection') ?? ''
  return [
    is('commands are not root', 'uid', AGENT),
    is('nobody has capabilities', 'capabilities', '0000000000000000'),
    is('no new privileges', 'no-new-privileges', '1'),
    is('system calls are filtered', 'seccomp', '2'),
    // The engine's own filter lets a virtual machine's socket (AF_VSOCK) through; EPERM shows that ours is in force.
    is('the filter is ours', 'forbidden-socket', '1'),
    check('no namespace can be made', facts.has('namespace') && !facts.get('namespace')?.includes('made'), facts.get('namespace') ?? 'not answered'),
    is('no network interface', 'interfaces', 'lo'),
    is('no route', 'routes', ''),
    check('no connection', /unreachable/i.test(connection), connection === '' ? 'not answered' : connection),
    is('nothing of root can be written', 'root-writable', ''),
    is('PID 1 cannot be killed', 'init-killable', ''),
    is('PID 1 cannot be read', 'init-readable', ''),
    is('no engine socket', 'engine-socket', ''),
    is('no setuid program', 'setuid', ''),
    check('no device of the host', devices.length === 0, devices.length === 0 ? 'only the usual ones' : devices.join(' ')),
    bounded('memory is limited', 'memory', limits.memory),
    bounded('processes are limited', 'processes', limits.processes),
    ...Object.entries({ [WORKSPACE]: limits.workspace, [TEMPORARY]: limits.temporary, [HOME]: limits.home, [RESULTS]: limits.results }).map(([path, size]) =>
      tmpfsCheck(path, facts.get(`tmpfs:${path}`) ?? '', size),
    ),
  ]
}

function tmpfsCheck(path: string, options: string, limit: number): SelfTestCheck {
  const words = options.split(',')
  const kilobytes = Number(/(?:^|,)size=(\d+)k(?:,|$)/.exec(options)?.[1] ?? Number.NaN)
  const passed = words.includes('nosuid') && words.includes('nodev') && kilobytes * 1024 <= limit + 4096 && /nr_inodes=\d+/.test(options)
  return check(`${path} is bounded`, passed, options === '' ? 'not mounted' : options)
}

function check(name: string, passed: boolean, detail: string): SelfTestCheck {
  return { name, passed, detail: detail.slice(0, 500) }
}
