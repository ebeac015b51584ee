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
import { groupIn, type IngestKey, ingestKeysQuery, settingsQuery } from './settings.ts'

/** Addresses at which alert sources deliver. */
export function KeysSection() {
  const refusal = useAdminRefusal()
  const client = useQueryClient()
  const settings = useQuery(settingsQuery)
  const [open, setOpen] = useState(false)
  const [address, setAddress] = useState<string>()
  const issue = async (given: FormData) => {
    const said = Object.fromEntries([...given].filter((field): field is [string, string] => typeof field[1] === 'string' && field[1] !== ''))
    const { name = '', source = '', ...rest } = said
    setAddress(`${location.origin}${(await answerOf(api.POST('/api/ingest-keys', { body: { name, source, ...rest } }))).path}`)
    await client.invalidateQueries(ingestKeysQuery)
  }
  const known = settings.data?.settings ?? {}
  return (
    <>
      <Panel
        title="Ingest keys"
        about="Each lets one source of alerts deliver, and do nothing else."
        aside={
          <Button look="primary" refusal={refusal} onClick={() => setOpen(true)}>
            New ingest key
          </Button>
        }
      >
        {refusal === undefined ? <Keys /> : <PanelText>{refusal}</PanelText>}
      </Panel>
      <FormDialog open={open} onClose={() => setOpen(false)} title="New ingest key" action="Issue the key" onSubmit={issue}>
        <TextField name="name" label="Name" required maxLength={100} />
        <label className="flex flex-col gap-1 text-sm font-medium">
          Source
          <select name="source" required className="min-h-9 rounded-md border border-line-strong bg-raised px-2 text-base font-normal">
            {settings.data?.sources.map((source) => (
              <option key={source}>{source}</option>
            ))}
          </select>
        </label>
        <TextField
          name="repository"
          label="Repository"
          hint="For alerts that name none."
          maxLength={300}
          offers={Object.keys(groupIn(known, 'repositories') ?? {})}
        />
        <TextField name="service" label="Service" hint="For alerts that name none." maxLength={300} offers={Object.keys(groupIn(known, 'services') ?? {})} />
        <SigningSecretField />
      </FormDialog>
      <SecretOnce
        secret={address}
        title="The webhook address"
        about="Paste it where the source asks for a webhook. It holds the key, and leads here as this browser reaches the service."
        onClose={() => setAddress(undefined)}
      />
    </>
  )
}

function SigningSecretField() {
  return (
    <TextField
      name="signingSecret"
      type="password"
      label="Signing secret"
      hint="What the source signs with, at least 16 characters. Some tell it only once they know the address: set it then."
      minLength={16}
      maxLength={500}
    />
  )
}

function Keys() {
  const ingestKeys = useQuery(ingestKeysQuery)
  const client = useQueryClient()
  const [revoking, setRevoking] = useState<IngestKey>()
  const [signing, setSigning] = useState<IngestKey>()
  const revoke = async ({ id }: IngestKey) => {
    await answerOf(api.DELETE('/api/ingest-keys/{key}', { params: { path: { key: id } } }))
    await client.invalidateQueries(ingestKeysQuery)
  }
  const sign = async ({ id }: IngestKey, given: FormData) => {
    const signingSecret = String(given.get('signingSecret')) || null
    await answerOf(api.PUT('/api/ingest-keys/{key}/signing-secret', { params: { path: { key: id } }, body: { signingSecret } }))
    await client.invalidateQueries(ingestKeysQuery)
  }
  const columns: readonly Column<IngestKey>[] = [
    { name: 'Name', wide: true, cell: ({ name, revokedAt }) => <span className={revokedAt && 'text-quiet line-through'}>{name}</span> },
    { name: 'Source', cell: ({ source }) => source },
    {
      name: 'About',
      cell: ({ repository, service }) => [repository, service].filter(Boolean).join(' / ') || <span className="text-quiet">as alerts say</span>,
    },
    {
      name: 'Signed',
      cell: ({ signed }) => (signed ? <Chip tone="good">signed</Chip> : <Chip title="Whoever knows the address may deliver">not signed</Chip>),
    },
    { name: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : <span className="text-quiet">never</span>) },
    {
      name: 'What can be done',
      untitled: true,
      end: true,
      cell: (key) =>
        key.revokedAt === undefined ? (
          <span className="inline-flex gap-1.5">
            <Button look="ghost" label={`Signing secret of ${key.name}`} onClick={() => setSigning(key)}>
              Signing secret
            </Button>
            <Button look="danger" label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
              Revoke
            </Button>
          </span>
        ) : (
          <Chip tone="bad">revoked</Chip>
        ),
    },
  ]
  return (
    <Answer query={ingestKeys} what="the ingest keys">
      {({ items }) => (
        <>
          <DataTable label="Ingest keys" columns={columns} rows={items} idOf={({ id }) => id} empty="There are none: no alert can come in." />
          <FormDialog
            open={revoking !== undefined}
            onClose={() => setRevoking(undefined)}
            title={`Revoke ${revoking?.name ?? ''}?`}
            about="What the source delivers from then on is refused. That cannot be taken back."
            action="Revoke"
            danger
            onSubmit={async () => revoking && revoke(revoking)}
          />
          <FormDialog
            open={signing !== undefined}
            onClose={() => setSigning(undefined)}
            title={`Signing secret of ${signing?.name ?? ''}`}
            about="Empty: deliveries need no signature any more."
            action="Set it"
            onSubmit={async (given) => signing && sign(signing, given)}
          >
            <SigningSecretField />
          </FormDialog>
        </>
      )}
    </Answer>
  )
}
