import type { Check, Evidence } from './check.ts';
import { checkFields } from './fields.ts';
import { checkFlags } from './flags.ts';
import { checkLatency } from './latency.ts';
import { checkProtectedFields } from './protected-fields.ts';
import { checkProtocol } from './protocol.ts';
import { checkStatuses } from './statuses.ts';

/** Everything that the layer assumes of the REST API, held against what it answered. */
export function checkAll(evidence: Evidence): readonly Check[] {
  return [
    ...checkFlags(evidence),
    ...checkFields(evidence),
    checkProtectedFields(evidence),
    ...checkStatuses(evidence),
    ...checkProtocol(evidence),
    ...checkLatency(evidence),
  ];
}
