import { lookup } from 'node:dns/promises'
import { BlockList, isIPv4, type LookupFunction } from 'node:net'

/** Where messages may go: to addresses of the internet, or to this machine and private networks too. */
export type Reach = 'internet' | 'private'
/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

const NOT_OF_THE_INTERNET = listOf(
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
)
const INTERNET_6 = listOf('2000::/3')
/** Inside of that: tunnels to other addresses, and examples. */
const NOT_OF_THE_INTERNET_6 = listOf('2001::/32', '2001:db8::/32', '2002::/16')
const PRIVATE = listOf('10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16')
const PRIVATE_6 = listOf('::1/128', 'fc00::/7')
/** Where clouds tell machines their credentials: link-local, which is in no list, and these. */
const METADATA = listOf('100.100.100.200/32')
const METADATA_6 = listOf('fd00:ec2::/32')

/** Whether a connection to this IP address may be opened. */
export function isWithin(reach: Reach, ip: string): boolean {
  if (isIPv4(ip)) return !METADATA.check(ip) && (!NOT_OF_THE_INTERNET.check(ip) || (reach === 'private' && PRIVATE.check(ip)))
  if (METADATA_6.check(ip, 'ipv6')) return false
  const isInternet = INTERNET_6.check(ip, 'ipv6') && !NOT_OF_THE_INTERNET_6.check(ip, 'ipv6')
  return isInternet || (reach === 'private' && PRIVATE_6.check(ip, 'ipv6'))
}

export class OutOfReach extends Error {
  constructor() {
    super('its name leads to an address that messages may not go to')
  }
}

/** Looks a name up once: the connection goes to the addresses that were checked, whatever the name leads to a moment later. */
export function lookupWithin(reach: Reach, resolve: Resolve = (name) => lookup(name, { all: true })): LookupFunction {
  return (name, { all }, done) => {
    resolve(name).then(
      (found) => {
        const [first] = found
        if (first === undefined || !found.every(({ address }) => isWithin(reach, address))) done(new OutOfReach(), '', 0)
        else if (all) done(null, [...found])
        else done(null, first.address, first.family)
      },
      (error) => done(error, '', 0),
    )
  }
}

function listOf(...subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [net = '', bits] = subnet.split('/')
    list.addSubnet(net, Number(bits), isIPv4(net) ? 'ipv4' : 'ipv6')
  }
  return list
}
