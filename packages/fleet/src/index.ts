export type { BucketAccess } from './node/bucket/bucket.ts';
export { bucketSink } from './node/bucket/bucket-sink.ts';
export type { Fleet, FleetOptions, JobSettings } from './node/fleet.ts';
export { fleetStatus, type FleetStatus, type WorkerStatus } from './node/fleet-status.ts';
export { folderSink } from './node/folder-sink.ts';
export type {
  DeadShard,
  FleetData,
  JobPlan,
  Manifest,
  ModelIdentity,
  NamedRows,
  Shard,
  ShardReport,
  SkippedItem,
} from './node/job.ts';
export { type IdentityOptions, modelIdentity } from './node/model-identity.ts';
export { openFleet } from './node/open-fleet.ts';
export { postgresSink } from './node/postgres/postgres-sink.ts';
export { retryDead } from './node/retry-dead.ts';
export { shardsOf, type ShardsOptions } from './node/shards-of.ts';
export type { Finished, Sink, SinkOptions } from './node/sink.ts';
export { manifestOf, submit, type Submitted, type SubmitOptions } from './node/submit.ts';
export { type Verified, verify, type VerifyOptions } from './node/verify.ts';
export { work, type Worked, type WorkOptions } from './node/work.ts';
