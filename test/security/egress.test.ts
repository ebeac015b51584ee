import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type Attacked, inRoom, sandboxesWith } from './rooms.ts'
import { row } from './score.ts'

const node = (code: string) => `timeout 6 node -e '${code}'`
const tcp = (host: string, port: number) =>
  node(
    `const s=require("net").connect({host:"${host}",port:${port}},()=>{console.log("GOT OUT");process.exit(0)});s.setTimeout(4000,()=>{console.log("timeout");process.exit(3)});s.on("error",(e)=>{console.log(e.code);process.exit(2)})`,
  )

/** Each prints GOT OUT when it reached anything. */
const SHAPES: readonly (readonly [name: string, script: string])[] = [
  ['TCP to the internet', tcp('1.1.1.1', 443)],
  ['TCP to a documentation address', tcp('192.0.2.1', 80)],
  ['TCP over IPv6', tcp('2606:4700:4700::1111', 443)],
  ['metadata service', tcp('169.254.169.254', 80)],
  ['metadata service over IPv6', tcp('fd00:ec2::254', 80)],
  ['Docker bridge, the host on it', tcp('172.17.0.1', 22)],
  ['Docker bridge, engine over TCP', tcp('172.17.0.1', 2375)],
  ['private network', tcp('10.0.0.1', 80)],
  ['a service of the host on its loopback', tcp('127.0.0.1', 5432)],
  ['host.docker.internal', tcp('host.docker.internal', 80)],
  ['DNS of the system', node('require("dns").lookup("example.com",(e,a)=>console.log(e?e.code:"GOT OUT"))')],
  [
    'DNS asked directly',
    node(
      'const r=new (require("dns").Resolver)({timeout:1500,tries:1});r.setServers(["8.8.8.8"]);r.resolve4("example.com",(e,a)=>console.log(e?e.code:"GOT OUT"))',
    ),
  ],
  [
    "DNS of Docker's own server",
    node(
      'const r=new (require("dns").Resolver)({timeout:1500,tries:1});r.setServers(["127.0.0.11"]);r.resolve4("example.com",(e,a)=>console.log(e?e.code:"GOT OUT"))',
    ),
  ],
  [
    'UDP',
    node(
      'const s=require("dgram").createSocket("udp4");s.on("error",(e)=>{console.log(e.code);s.close()});s.send("x",53,"8.8.8.8",(e)=>{console.log(e?e.code:"GOT OUT");s.close()})',
    ),
  ],
  [
    'UDP broadcast',
    node(
      'const s=require("dgram").createSocket("udp4");s.bind(()=>{s.setBroadcast(true);s.send("x",9,"255.255.255.255",(e)=>{console.log(e?e.code:"GOT OUT");s.close()})})',
    ),
  ],
  ['ICMP', 'ping -c 1 -W 1 1.1.1.1 && echo GOT OUT; perl -MSocket -e \'socket(S, PF_INET, SOCK_RAW, 1) ? print "GOT OUT" : print "$!"\''],
  ['raw packets', 'perl -e \'socket(S, 17, 3, 0x0300) ? print "GOT OUT" : print "$!"\''],
  ['virtual machine socket', 'perl -e \'socket(S, 40, 1, 0) ? print "GOT OUT" : print "$!"\''],
  [
    'netlink: add an interface or a route',
    'ip link add dummy0 type dummy 2>/dev/null && echo GOT OUT; ip route add default dev lo 2>/dev/null && echo GOT OUT; echo denied',
  ],
  [
    'unix sockets of the host',
    'for s in $(find / -xdev -type s 2>/dev/null) /var/run/docker.sock /run/containerd/containerd.sock /run/systemd/private; do [ -S "$s" ] && echo "GOT OUT $s"; done; echo none',
  ],
  ['abstract unix sockets', 'n=$(grep -c @ /proc/net/unix); [ "$n" -gt 0 ] && echo "GOT OUT $n"; echo none'],
  ['a namespace of its own', 'unshare -Urn true 2>&1 && echo GOT OUT'],
  ['proxy settings left behind', 'env | grep -i proxy && echo GOT OUT; echo none'],
  ['bash /dev/tcp', '(exec 3<>/dev/tcp/1.1.1.1/80) 2>&1 && echo GOT OUT'],
]

describe('egress of a room', () => {
  const sandboxes = sandboxesWith()
  let room: Attacked
  let leave: () => void = () => {}
  let left: Promise<unknown> = Promise.resolve()
  beforeAll(async () => {
    await new Promise<void>((opened, failed) => {
      left = inRoom(sandboxes, async (attacked) => {
        room = attacked
        opened()
        await new Promise<void>((resolve) => {
          leave = resolve
        })
      })
      left.catch(failed)
    })
  })
  afterAll(async () => {
    leave()
    await left
  })
  for (const [name, script] of SHAPES) {
    row('N1', name, async () => {
      const result = await room.sh(script, 10_000)
      expect(`${result.stdout}${result.stderr}`).not.toContain('GOT OUT')
      expect(result.timedOut).toBe(false)
      return result.stdout.trim() || result.stderr.trim().split('\n').at(-1) || `exit ${result.exitCode}`
    })
  }
})
