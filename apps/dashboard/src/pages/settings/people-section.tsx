import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { useAdminRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { Answer } from '../../ui/states.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { Time } from '../../ui/time.tsx'
import { HostPeople } from './host-people.tsx'
import { Period } from './period.tsx'
import { ScopesField, scopesIn } from './scopes-field.tsx'
import { type Token, tokensQuery } from './settings.ts'

const DAY_MS = 86_400_000
const NAME = '[\\p{L}\\p{N}][\\p{L}\\p{N} ._@+\\-]{0,99}'

/** Who may look, decide and change settings. */
export function PeopleSection() {
  const refusal = useAdminRefusal()
  const [open, setOpen] = useState<'link' | 'token'>()
  const [link, setLink] = useState<string>()
  const [secret, setSecret] = useState<string>()
  const client = useQueryClient()
  const close = () => setOpen(undefined)
  const issueLink = async (given: FormData) => {
    const body = { name: String(given.get('name')), scopes: scopesIn(given).filter((scope) => scope !== 'upload') }
    setLink(`${location.origin}${(await answerOf(api.POST('/api/login-links', { body }))).path}`)
  }
  const issueToken = async (given: FormData) => {
    const days = Number(given.get('days'))
    const expiresAt = days > 0 ? new Date(Date.now() + days * DAY_MS).toISOString() : undefined
    const body = { name: String(given.get('name')), scopes: scopesIn(given), ...(expiresAt && { expiresAt }) }
    setSecret((await answerOf(api.POST('/api/tokens', { body }))).secret)
    await client.invalidateQueries(tokensQuery)
  }
  return (
    <>
      <HostPeople />
      <Panel
        title="Login links"
        about="A link opens the dashboard once, for whoever follows it first, within 15 minutes."
        aside={
          <Button look="primary" refusal={refusal} onClick={() => setOpen('link')}>
            New login link
          </Button>
        }
      >
        <PanelText>Viewing and deciding are separate rights; the name stands beside every decision.</PanelText>
      </Panel>
      <Panel
        title="API tokens"
        about="For programs, builds and the command line."
        aside={
          <Button refusal={refusal} onClick={() => setOpen('token')}>
            New token
          </Button>
        }
      >
        {refusal === undefined ? <Tokens /> : <PanelText>{refusal}</PanelText>}
      </Panel>
      <FormDialog open={open === 'link'} onClose={close} title="New login link" action="Make the link" onSubmit={issueLink}>
        <TextField name="name" label="Who it is for" hint="Stands in journals and beside decisions." required maxLength={100} pattern={NAME} />
        <ScopesField offered={['read', 'decide', 'admin']} />
      </FormDialog>
      <FormDialog open={open === 'token'} onClose={close} title="New API token" action="Issue the token" onSubmit={issueToken}>
        <TextField name="name" label="Name" hint="Stands in journals and beside decisions." required maxLength={100} pattern={NAME} />
        <ScopesField offered={['read', 'decide', 'admin', 'upload']} />
        <Period />
      </FormDialog>
      <SecretOnce secret={link} title="The login link" about="Send it to that person alone: whoever opens it is them." onClose={() => setLink(undefined)} />
      <SecretOnce secret={secret} title="The token" about="Sent as Authorization: Bearer …" onClose={() => setSecret(undefined)} />
    </>
  )
}

function Tokens() {
  const tokens = useQuery(tokensQuery)
  const client = useQueryClient()
  const [revoking, setRevoking] = useState<Token>()
  const revoke = async (token: Token) => {
    await answerOf(api.DELETE('/api/tokens/{token}', { params: { path: { token: token.id } } }))
    await client.invalidateQueries(tokensQuery)
  }
  const columns: readonly Column<Token>[] = [
    { name: 'Name', wide: true, cell: ({ name, revokedAt }) => <span className={revokedAt && 'text-quiet line-through'}>{name}</span> },
    { name: 'May', cell: ({ scopes }) => <span className="whitespace-nowrap">{scopes.join(', ')}</span> },
    { name: 'Issued', cell: ({ createdAt }) => <Time at={createdAt} /> },
    { name: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : <span className="text-quiet">never</span>) },
    { name: 'Ends', cell: (token) => <Ends token={token} /> },
    {
      name: 'Revoke',
      untitled: true,
      end: true,
      cell: (token) =>
        token.revokedAt === undefined && (
          <Button look="danger" label={`Revoke ${token.name}`} onClick={() => setRevoking(token)}>
            Revoke
          </Button>
        ),
    },
  ]
  return (
    <Answer query={tokens} what="the tokens">
      {({ items }) => (
        <>
          <DataTable label="API tokens" columns={columns} rows={items} idOf={({ id }) => id} empty="There are none." />
          <FormDialog
            open={revoking !== undefined}
            onClose={() => setRevoking(undefined)}
            title={`Revoke ${revoking?.name ?? ''}?`}
            about="It works no more within seconds, and so do the sessions it opened. That cannot be taken back."
            action="Revoke"
            danger
            onSubmit={async () => revoking && revoke(revoking)}
          />
        </>
      )}
    </Answer>
  )
}

function Ends({ token: { expiresAt, revokedAt } }: { readonly token: Token }) {
  if (revokedAt !== undefined) return <Chip tone="bad">revoked</Chip>
  if (expiresAt === undefined) return <span className="text-quiet">never</span>
  return Date.parse(expiresAt) < Date.now() ? <Chip tone="warn">expired</Chip> : <span className="whitespace-nowrap">{expiresAt.slice(0, 10)}</span>
}
