import { expect, it } from 'vitest'
import { slackMessage } from './slack-message.ts'

it('is blocks of plain text and one button', () => {
  const message = slackMessage({
    type: 'proposal.ready',
    timestamp: '2026-03-04T12:00:00.000Z',
    data: { run: 'run_1', repository: 'shop', strength: 'verified', url: 'https://fixpoint.example.org/api/runs/run_1' },
  })
  expect(message).toMatchInlineSnapshot(`
    {
      "blocks": [
        {
          "text": {
            "emoji": false,
            "text": "Fixpoint has a fix with proof that waits for you",
            "type": "plain_text",
          },
          "type": "header",
        },
        {
          "fields": [
            {
              "emoji": false,
              "text": "run: run_1",
              "type": "plain_text",
            },
            {
              "emoji": false,
              "text": "repository: shop",
              "type": "plain_text",
            },
            {
              "emoji": false,
              "text": "strength: verified",
              "type": "plain_text",
            },
          ],
          "type": "section",
        },
        {
          "elements": [
            {
              "text": {
                "emoji": false,
                "text": "Look at it",
                "type": "plain_text",
              },
              "type": "button",
              "url": "https://fixpoint.example.org/api/runs/run_1",
            },
          ],
          "type": "actions",
        },
      ],
      "text": "Fixpoint has a fix with proof that waits for you",
      "unfurl_links": false,
      "unfurl_media": false,
    }
  `)
})

it.each([
  '<!channel> <@U123> <#C1> @here',
  '<https://evil.example|click>',
  'https://evil.example',
  '*bold* `code` &lt;!here&gt; :smile:',
  '\u202eevil\n\n> quote',
])('a name like %j mentions nobody and leads nowhere', (repository) => {
  const text = JSON.stringify(slackMessage({ type: 'run.started', timestamp: '2026-03-04T12:00:00.000Z', data: { repository } }))
  expect(text).not.toMatch(/[<>@&*`\u202e]|:\/\/|mrkdwn|\\n/)
})
