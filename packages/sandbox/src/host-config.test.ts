import { describe, expect, it } from 'vitest'
import { assertConfined, buildHostConfig, confinementProblems } from './host-config.ts'
import { DEFAULT_LIMITS, withRoomFor } from './limits.ts'

const confined = () => ({ ...buildHostConfig(DEFAULT_LIMITS, { volumes: [], tmpfs: [] }) }) as Record<string, unknown>

describe('the configuration of a room', () => {
  it('is what reference and design ask for', () => {
    const { SecurityOpt, ...rest } = confined()
    expect((SecurityOpt as string[]).map((option) => option.slice(0, 24))).toEqual(['no-new-privileges:true', 'seccomp={"defaultAction"'])
    expect(rest).toMatchInlineSnapshot(`
      {
        "AutoRemove": false,
        "CapDrop": [
          "ALL",
        ],
        "Init": true,
        "IpcMode": "private",
        "LogConfig": {
          "Config": {},
          "Type": "none",
        },
        "Memory": 2147483648,
        "MemorySwap": 2147483648,
        "Mounts": [],
        "NanoCpus": 2000000000,
        "NetworkMode": "none",
        "OomKillDisable": false,
        "OomScoreAdj": 1000,
        "PidsLimit": 512,
        "ReadonlyRootfs": true,
        "RestartPolicy": {
          "Name": "no",
        },
        "ShmSize": 67108864,
        "Tmpfs": {
          "/fixpoint/base": "rw,noexec,nosuid,nodev,size=4194304,nr_inodes=16,mode=0755",
          "/fixpoint/out": "rw,exec,nosuid,nodev,size=134217728,nr_inodes=300000,uid=1000,gid=1000,mode=0755",
          "/fixpoint/tools": "rw,noexec,nosuid,nodev,size=16777216,nr_inodes=2000,mode=0755",
          "/home/agent": "rw,exec,nosuid,nodev,size=134217728,nr_inodes=300000,uid=1000,gid=1000,mode=0755",
          "/tmp": "rw,exec,nosuid,nodev,size=268435456,nr_inodes=50000,mode=1777",
          "/workspace": "rw,exec,nosuid,nodev,size=1073741824,nr_inodes=300000,uid=1000,gid=1000,mode=0755",
        },
        "Ulimits": [
          {
            "Hard": 4096,
            "Name": "nofile",
            "Soft": 4096,
          },
          {
            "Hard": 0,
            "Name": "core",
            "Soft": 0,
          },
          {
            "Hard": 536870912,
            "Name": "fsize",
            "Soft": 536870912,
          },
        ],
      }
    `)
  })

  it.each([
    ['Privileged', { Privileged: true }],
    ['Binds', { Binds: ['/:/host'] }],
    ['Binds', { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] }],
    ['CapAdd', { CapAdd: ['SYS_ADMIN'] }],
    ['Devices', { Devices: [{ PathOnHost: '/dev/kmsg', PathInContainer: '/dev/kmsg', CgroupPermissions: 'r' }] }],
    ['DeviceRequests', { DeviceRequests: [{ Count: -1 }] }],
    ['PidMode host', { PidMode: 'host' }],
    ['PidMode container:x', { PidMode: 'container:x' }],
    ['UTSMode host', { UTSMode: 'host' }],
    ['UsernsMode host', { UsernsMode: 'host' }],
    ['CgroupnsMode host', { CgroupnsMode: 'host' }],
    ['IpcMode host', { IpcMode: 'host' }],
    ['IpcMode shareable', { IpcMode: 'shareable' }],
    ['NetworkMode bridge', { NetworkMode: 'bridge' }],
    ['NetworkMode host', { NetworkMode: 'host' }],
    ['NetworkMode container:db', { NetworkMode: 'container:db' }],
    ['NetworkMode undefined', { NetworkMode: undefined }],
    ['a writable root file system', { ReadonlyRootfs: false }],
    ['capabilities are not dropped', { CapDrop: [] }],
    ['new privileges are possible', { SecurityOpt: ['seccomp={}'] }],
    ['no system call filter of ours', { SecurityOpt: ['no-new-privileges:true', 'seccomp=unconfined'] }],
    ['a security option that is not ours', { SecurityOpt: [...(confined().SecurityOpt as string[]), 'apparmor=unconfined'] }],
    ['memory is not limited', { Memory: 0 }],
    ['memory is not limited', { MemorySwap: -1 }],
    ['processes are not limited', { PidsLimit: -1 }],
    ['processors are not limited', { NanoCpus: 0 }],
    ['a bind mount on /x', { Mounts: [{ Type: 'bind', Source: '/etc', Target: '/x' }] }],
    ['a volume named /etc', { Mounts: [{ Type: 'volume', Source: '/etc', Target: '/x' }] }],
    [
      'mount options on /x',
      {
        Mounts: [
          { Type: 'volume', Source: 'v', Target: '/x', VolumeOptions: { DriverConfig: { Name: 'local', Options: { type: 'none', o: 'bind', device: '/' } } } },
        ],
      },
    ],
    ['a mount on /workspace/../etc', { Mounts: [{ Type: 'volume', Source: 'v', Target: '/workspace/../etc' }] }],
    ['tmpfs /tmp without nosuid', { Tmpfs: { '/tmp': 'rw,nodev,size=1' } }],
    ['tmpfs /tmp without size', { Tmpfs: { '/tmp': 'rw,nodev,nosuid' } }],
    ['ReadonlyPaths', { ReadonlyPaths: [] }],
    ['MaskedPaths', { MaskedPaths: [] }],
    ['AutoRemove', { AutoRemove: true }],
    ['a field nobody has thought about: CgroupParent', { CgroupParent: '/docker' }],
  ])('refuses %s', (problem, change) => {
    expect(confinementProblems({ ...confined(), ...change })).toContain(problem)
    expect(() => assertConfined({ ...confined(), ...change } as never)).toThrow('refusing an unconfined container')
  })

  it('finds nothing wrong with what it builds, whatever an environment mounts', () => {
    const mounts = {
      volumes: [{ volume: 'fixpoint-env_1.a-b', path: '/workspace/packages/a b/node_modules', readOnly: true }],
      tmpfs: [{ path: '/workspace/x/.vite', size: 1000 }],
    }
    expect(confinementProblems(buildHostConfig(withRoomFor(10 ** 9, DEFAULT_LIMITS), mounts) as Record<string, unknown>)).toEqual([])
  })

  it.each([
    { volumes: [{ volume: '../etc', path: '/workspace/x', readOnly: true }], tmpfs: [] },
    { volumes: [{ volume: 'v', path: '/workspace/a/../../etc', readOnly: true }], tmpfs: [] },
    { volumes: [], tmpfs: [{ path: '/a:b', size: 1 }] },
    { volumes: [], tmpfs: [{ path: '/x', size: Number.NaN }] },
  ])('builds nothing from a hostile mount %#', (mounts) => {
    expect(() => buildHostConfig(DEFAULT_LIMITS, mounts)).toThrow('refusing an unconfined container')
  })
})
