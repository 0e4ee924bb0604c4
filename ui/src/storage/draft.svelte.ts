/**
 * A destination while it is being described, tested and added; or described anew.
 *
 * **Invariant:** `ready` holds only for exactly what the last test saw working; typing ends it.
 */

import { type Backend, type Failure, failure } from '../backend/backend';
import type { DestinationConfig } from '../backend/types/DestinationConfig';
import type { DestinationLayout } from '../backend/types/DestinationLayout';
import type { DestinationView } from '../backend/types/DestinationView';
import type { Survey } from '../backend/types/Survey';
import type { TestReport } from '../backend/types/TestReport';
import {
  configOf,
  type Fields,
  fieldsOf,
  isApi,
  isComplete,
  keysOf,
  nameOf,
  type PathStyle,
  placeOf,
  signsIn,
  tokenOf,
} from './config';

export type Outcome =
  | { readonly kind: 'testing' }
  | { readonly kind: 'seen'; readonly report: TestReport; readonly config: DestinationConfig }
  | { readonly kind: 'failed'; readonly failure: Failure };

export class Draft {
  /** Of one that is described anew. */
  name = $state('');
  kind = $state<DestinationConfig['kind']>('s3');
  path = $state('');
  endpoint = $state('');
  bucket = $state('');
  accessKeyId = $state('');
  secretAccessKey = $state('');
  prefix = $state('');
  region = $state('');
  pathStyle = $state<PathStyle>('auto');
  profile = $state('');
  caFile = $state('');
  keyTemplate = $state('');
  layout = $state<DestinationLayout>('library');
  url = $state('');
  token = $state('');
  tokenFile = $state('');
  identityPool = $state('');
  userPoolClient = $state('');

  readonly #fields: Fields = $derived({
    kind: this.kind,
    path: this.path,
    endpoint: this.endpoint,
    bucket: this.bucket,
    accessKeyId: this.accessKeyId,
    secretAccessKey: this.secretAccessKey,
    prefix: this.prefix,
    region: this.region,
    pathStyle: this.pathStyle,
    profile: this.profile,
    caFile: this.caFile,
    keyTemplate: this.keyTemplate,
    layout: this.layout,
    url: this.url,
    token: this.token,
    tokenFile: this.tokenFile,
    identityPool: this.identityPool,
    userPoolClient: this.userPoolClient,
  });
  readonly config = $derived(configOf(this.#fields));
  readonly complete = $derived(isComplete(this.#fields));
  readonly isApi = $derived(isApi(this.kind));
  readonly signsIn = $derived(signsIn(this.#fields));
  /** Two forms that say the same are the same. */
  readonly #said = $derived(JSON.stringify(this.#fields));
  #tested = $state.raw<{ said: string; outcome: Outcome } | null>(null);
  /** Of the last test; null once anything was typed after it. */
  readonly outcome: Outcome | null = $derived(
    this.#tested?.said === this.#said ? this.#tested.outcome : null,
  );
  readonly ready = $derived(this.outcome?.kind === 'seen' && this.outcome.report.problem === null);
  readonly missingBucket = $derived(
    this.outcome?.kind === 'seen' && this.outcome.report.problem?.code === 'no_bucket',
  );

  /** It leads to the same place as before, with the same keys: nobody need be asked. */
  readonly #sameWay: boolean = $derived.by(
    () =>
      this.of !== null && this.#keys() === null && placeOf(this.config) === placeOf(this.of.config),
  );
  readonly canSave: boolean = $derived.by(
    () =>
      this.of !== null &&
      this.name.trim() !== '' &&
      this.complete &&
      (this.#sameWay || this.ready) &&
      (this.name.trim() !== this.of.name ||
        this.#keys() !== null ||
        JSON.stringify(this.config) !== JSON.stringify(this.of.config)),
  );

  /** `of` is the destination that is described anew; its keys stay unless others are typed. */
  constructor(
    readonly backend: Backend,
    readonly of: DestinationView | null = null,
  ) {
    if (of === null) return;
    Object.assign(this, fieldsOf(of.config));
    this.name = of.name;
  }

  async test(): Promise<void> {
    const config = this.config;
    await this.#ask(async () => ({
      kind: 'seen',
      config,
      report: await this.#report(config),
    }));
  }

  async createBucket(): Promise<void> {
    const config = this.config;
    await this.#ask(async () => {
      await this.backend.createBucket(config, this.#keys());
      return {
        kind: 'seen',
        config,
        report: await this.#report(config),
      };
    });
  }

  async chooseFolder(): Promise<void> {
    const path = await this.backend.pickFolder();
    if (path === null) return;
    this.path = path;
    await this.test();
  }

  /** Adds what was tested. */
  add(): Promise<DestinationView> {
    return this.backend.addDestination(nameOf(this.config), this.config, this.#keys());
  }

  /** Keeps what was described anew. */
  async save(): Promise<void> {
    if (this.of === null) throw new Error('only a destination that is there is described anew');
    await this.backend.changeDestination(this.of.id, this.name.trim(), this.config, this.#keys());
  }

  /** Counts what is there. */
  survey(): Promise<Survey> {
    return this.backend.survey(this.config, this.#keys());
  }

  #report(config: DestinationConfig): Promise<TestReport> {
    return this.of === null
      ? this.backend.testDestination(config, this.#keys())
      : this.backend.testChangedDestination(this.of.id, config, this.#keys());
  }

  #keys() {
    if (isApi(this.kind)) return tokenOf(this.token);
    return this.kind === 's3' ? keysOf(this.accessKeyId, this.secretAccessKey) : null;
  }

  async #ask(question: () => Promise<Outcome>): Promise<void> {
    const said = this.#said;
    this.#tested = { said, outcome: { kind: 'testing' } };
    const outcome = await question().catch(
      (thrown: unknown): Outcome => ({ kind: 'failed', failure: failure(thrown) }),
    );
    if (this.#tested?.said === said) this.#tested = { said, outcome };
  }
}
