import type { Candidate } from '../candidates.ts';
import type { Options, SectionName } from '../options.ts';
import type { RestApi } from '../rest-api-process.ts';
import { measureFairness } from './fairness.ts';
import { measureGrowth } from './growth.ts';
import { measureSavedBytes } from './saved-bytes.ts';
import type { Section } from './section.ts';
import { measureSoak } from './soak.ts';
import { measureStartTime } from './start-time.ts';
import { measureTls } from './tls.ts';
import { measureWorkers } from './workers.ts';
import { measureWorst } from './worst.ts';

/**
 * Measures sections one after the other. One that fails is told of and left out: what came before it took minutes. The
 * exit code then is 1, and so where a promise does not hold.
 */
export async function measureSections(
  names: readonly SectionName[],
  options: Options,
  restApi: RestApi,
): Promise<Section[]> {
  const sections: Section[] = [];
  for (const name of names) {
    try {
      sections.push(...[await measureSection(name, options, restApi)].flat());
    } catch (error) {
      console.log(`section ${name} is missing: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
  for (const failure of sections.flatMap(({ failures = [] }) => failures)) {
    console.log(`does not hold: ${failure}`);
    process.exitCode = 1;
  }
  return sections;
}

function measureSection(
  name: SectionName,
  options: Options,
  restApi: RestApi,
): Promise<Section | readonly Section[]> {
  const ours = options.candidates.filter(
    (candidate) => candidate.name === 'floor' || candidate.name === 'layer',
  );
  switch (name) {
    case 'start':
      return measureStartTime(options.candidates, restApi);
    case 'tls':
      return measureTls(ours, options);
    case 'growth':
      return measureGrowth(ours, options, restApi);
    case 'bytes':
      return measureSavedBytes(layerOf(options), restApi);
    case 'workers':
      return measureWorkers(layerOf(options), options, restApi);
    case 'fairness':
      return measureFairness(layerOf(options), options);
    case 'worst':
      return measureWorst(layerOf(options), restApi);
    case 'soak':
      return measureSoak(layerOf(options), options, restApi);
  }
}

function layerOf({ candidates }: Options): Candidate {
  const layer = candidates.find(({ name }) => name === 'layer');
  if (!layer) throw new Error('the layer is not among the candidates');
  return layer;
}
