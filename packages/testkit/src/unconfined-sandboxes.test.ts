import { sandboxesContract } from './sandboxes-contract.ts'
import { UnconfinedSandboxes } from './unconfined-sandboxes.ts'

sandboxesContract(() => new UnconfinedSandboxes(), { confines: false })
