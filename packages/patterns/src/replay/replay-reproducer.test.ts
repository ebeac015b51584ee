import { type MappedFrame, type Project, type Reproduction, untrusted } from '@fixpoint/core'
import { matcher, mapFrames, reportFrom } from '@fixpoint/intake'
import type { Syntax } from '@fixpoint/syntax'
import { testStyle } from '@fixpoint/test-runners'
import { aBaseline, aProject, aReport, MemorySnapshot } from '@fixpoint/testkit'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { HostRoom, loadSyntax } from './host-room.test-support.ts'
import { createReplayReproducer } from './replay-reproducer.ts'

let syntax: Syntax
beforeAll(async () => {
  syntax = await loadSyntax()
})
const rooms: HostRoom[] = []
afterEach(() => {
  for (const room of rooms.splice(0)) room.close()
})

void [untrusted, reportFrom, mapFrames, matcher, aReport] as unknown as [MappedFrame, Project, Reproduction]
