// `@cloud-copilot/iam-simulate`, through what it exports: `node iam-simulate.mjs unsafe|run FILE SECONDS`.
//
// `unsafe` is `runUnsafeSimulation`, `run` is `runSimulation`, which validates first. Both always explain. The file is
// run from the folder that the package is installed in.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(join(process.cwd(), 'package.json'))
const { runSimulation, runUnsafeSimulation } = require('@cloud-copilot/iam-simulate')
const { createValidatedPolicy } = require('@cloud-copilot/iam-policy')

const [mode, file, seconds] = process.argv.slice(2)
const data = JSON.parse(readFileSync(file, 'utf8'))
const LETTERS = { Allowed: 'a', ImplicitlyDenied: 'i', ExplicitlyDenied: 'd' }

const named = (documents) => documents.map((policy, at) => ({ name: `p${at}`, policy }))
// The unsafe function asks a resource policy for its name.
const attached = (policy) =>
  policy && mode === 'unsafe' ? createValidatedPolicy(policy, () => [], { name: 'resource' }) : policy

function simulation(principal, asked, context, policies) {
  return {
    request: {
      principal,
      action: asked.action,
      resource: { resource: asked.resource, accountId: asked.resource_account },
      contextVariables: context
    },
    resourceControlPolicies: [],
    serviceControlPolicies: [],
    ...policies
  }
}

// All of one caller's simulations, put together before anything is measured.
function ofCaller(work) {
  const policies = {
    identityPolicies: named(work.identity),
    permissionBoundaryPolicies: work.boundary.length ? named(work.boundary) : undefined,
    serviceControlPolicies: work.scps.map((level, at) => ({ orgIdentifier: `level-${at}`, policies: named(level) }))
  }
  const byArn = new Map()
  for (const [arn, { policy }] of Object.entries(work.resource_policies)) byArn.set(arn, attached(policy))
  const all = work.requests.map((asked) =>
    simulation(work.principal, asked, asked.context, { ...policies, resourcePolicy: byArn.get(asked.rp) })
  )
  return { count: all.length, simulation: (at) => all[at] }
}

// An organization's are put together when they are asked: query by query, role by role.
function ofOrganization(organization) {
  const resources = organization.resources.map(({ policy }) => attached(policy))
  const identities = organization.principals.map((role) => named(role.policies.map((at) => organization.policies[at])))
  const roles = organization.principals.length
  return {
    count: organization.queries.length * roles,
    simulation: (at) => {
      const query = organization.queries[Math.floor(at / roles)]
      const role = organization.principals[at % roles]
      const policies = { identityPolicies: identities[at % roles], resourcePolicy: resources[query.rp] }
      return simulation(role.arn, query, role.context, policies)
    }
  }
}

async function letter(simulated) {
  if (mode === 'unsafe') return LETTERS[runUnsafeSimulation(simulated, {})]
  const response = await runSimulation(simulated, {})
  if (response.resultType === 'error') throw new Error(JSON.stringify(response.errors))
  return LETTERS[response.overallResult]
}

const { count, simulation: at } = data.queries ? ofOrganization(data) : ofCaller(data)
const letters = new Array(count).fill('.')
const times = []
// A prime that divides none of the sizes: a part of the decisions is taken from all over.
const stride = (number) => (number * 104729) % count
const now = () => Number(process.hrtime.bigint())
const limit = Number(seconds) * 1e9

// The compiler of the engine that runs this learns from the first decisions.
const sample = Math.min(count, 200)
let begun = now()
for (let number = 0; number < sample; number++) letters[stride(number)] = await letter(at(stride(number)))
const whole = ((now() - begun) * count) / sample
let made = count
begun = now()
if (whole > limit * 3) {
  made = sample
  while (now() - begun < limit && made < count) {
    letters[stride(made)] = await letter(at(stride(made)))
    made++
  }
  times.push((now() - begun) / Math.max(made - sample, 1))
} else {
  while (!times.length || now() - begun < limit) {
    // A pass that is too short for the clock is made many times.
    const repeat = Math.min(Math.max(Math.floor(10e6 / whole), 1), 1000)
    const pass = now()
    for (let again = 0; again < repeat; again++) {
      for (let number = 0; number < count; number++) letters[number] = await letter(at(number))
    }
    times.push((now() - pass) / (repeat * count))
  }
}
times.sort((one, other) => one - other)
const nanoseconds = times[Math.floor(times.length / 2)]
console.log(JSON.stringify({ nanoseconds, passes: times.length, made, of: count, letters: letters.join(''), why: [] }))
