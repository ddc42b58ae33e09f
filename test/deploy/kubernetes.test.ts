import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Instruction, readDockerfile } from '../../deploy/image/read-dockerfile.ts';
import { readManifests, readYaml, repository } from './manifests.ts';

/** What is looked at here; the schemas are held against the manifests elsewhere. */
interface Deployment {
  readonly spec: {
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: Pod };
  };
}

interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly [Container];
}

interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly securityContext: object;
}

interface Probe {
  readonly httpGet: { readonly port: string };
}

interface Service {
  readonly spec: { readonly ports: readonly { readonly name: string; readonly targetPort: string }[] };
}

interface ServiceMonitor {
  readonly spec: { readonly endpoints: readonly { readonly port: string }[] };
}

const dockerfile = readDockerfile(readFileSync(join(repository, 'deploy/Dockerfile'), 'utf8')).at(-1);
const { template } = readYaml<Deployment>('deploy/kubernetes/deployment.yaml').spec;
const pod = template.spec;
const [container] = pod.containers;

/** How long the process lets requests in flight finish. */
const DRAIN_SECONDS = 8;

/** What an instruction of the image says. */
function instruction(name: Instruction['name']): string | undefined {
  return dockerfile?.instructions.find((one) => one.name === name)?.text;
}

test('ports and user are those of the image', () => {
  const ports = container.ports.map(({ containerPort }) => containerPort);
  expect(ports.join(' ')).toBe(instruction('EXPOSE'));
  expect(`${pod.securityContext.runAsUser}:${pod.securityContext.runAsGroup}`).toBe(instruction('USER'));
});

test('a pod may do what the service needs, and no more', () => {
  expect(pod.automountServiceAccountToken).toBe(false);
  expect(pod.securityContext).toMatchObject({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('a pod has the time to finish what it began', () => {
  const preStop = container.lifecycle.preStop.sleep.seconds;
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(preStop + DRAIN_SECONDS);
});

test('Prometheus and the probes ask ports that exist', () => {
  const service = readYaml<Service>('deploy/kubernetes/service.yaml');
  const monitor = readYaml<ServiceMonitor>('deploy/kubernetes/service-monitor.yaml');
  const named = container.ports.map(({ name }) => name);
  const { startupProbe, livenessProbe, readinessProbe } = container;
  for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
    expect(named).toContain(probe.httpGet.port);
  }
  for (const { targetPort } of service.spec.ports) expect(named).toContain(targetPort);
  const published = service.spec.ports.map(({ name }) => name);
  for (const { port } of monitor.spec.endpoints) expect(published).toContain(port);
});

test('all manifests mean the pods of the deployment', () => {
  const labels = { 'app.kubernetes.io/name': 'community-users-graphql' };
  expect(template.metadata.labels).toEqual(labels);
  const selectors = JSON.stringify(readManifests()).match(/"matchLabels":\{"app[^}]*\}/g) ?? [];
  expect(selectors).toHaveLength(6);
  expect(new Set(selectors)).toEqual(new Set([`"matchLabels":${JSON.stringify(labels)}`]));
});
