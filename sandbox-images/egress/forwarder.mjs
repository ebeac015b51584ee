// Loopback TCP → the registry front's unix socket, inside the download container. Arguments: port, socket path.
import { connect, createServer } from 'node:net'

const [port, socket] = process.argv.slice(-2)
createServer({ allowHalfOpen: true }, (client) => {
  const front = connect({ path: socket, allowHalfOpen: true })
  client.on('error', () => front.destroy()).pipe(front)
  front.on('error', () => client.destroy()).pipe(client)
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))
