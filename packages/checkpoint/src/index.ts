export { asAsync } from "./as-async.js";
export { CheckpointError, type CheckpointErrorCode, type CheckpointErrorOptions, type CheckpointErrorPlace } from "./checkpoint-error.js";
export { copyData } from "./copy-data.js";
export { describeThrown, isBranded } from "./describe-thrown.js";
export { type EncryptionOptions, encryptedSerializer } from "./encryption/encrypted-serializer.js";
export type { KeyRing } from "./encryption/key-ring.js";
export { checkpointId, checkpointTime } from "./ids/checkpoint-id.js";
export { hash128, hashUuid } from "./ids/hash.js";
export { type IndexedQuestion, inboxItem } from "./inbox/inbox-item.js";
export type { InboxItem, InterruptPage, InterruptQuery, InterruptTerms } from "./inbox/inbox-types.js";
export { type QuestionFacts, questionStatus } from "./inbox/question-status.js";
export { QUESTION_CHANNEL, type Question, readQuestions, type ShownQuestion } from "./inbox/read-questions.js";
export { readShown } from "./inbox/read-shown.js";
export { cursorOf, type InboxPlace, type ResolvedQuery, resolveQuery } from "./inbox/resolve-query.js";
export { type ChainedEntry, chainEntries, type EncodedDraft, encodeDrafts, journalEntry } from "./journal/chain-entries.js";
export { type HashedPart, journalHash } from "./journal/journal-hash.js";
export type { JournalDraft, JournalEntry } from "./journal/journal-types.js";
export {
  type BrokenJournal,
  type IntactJournal,
  type JournalVerdict,
  type VerifyJournalOptions,
  verifyJournal,
} from "./journal/verify-journal.js";
export { isLeaseStale } from "./lease/is-lease-stale.js";
export { leaseHost } from "./lease/lease-host.js";
export { checkLease, newLease } from "./lease/new-lease.js";
export { MemorySaver, type MemorySaverOptions } from "./memory/memory-saver.js";
export { ChannelShape } from "./record/channel-shape.js";
export {
  checkDecisions,
  checkWrites,
  readJournalQuery,
  readListOptions,
  readOpenOptions,
  requireText,
} from "./record/check-arguments.js";
export { ABSENT, CheckpointColumns, type ColumnParts } from "./record/checkpoint-columns.js";
export { type CheckpointRecord, type RecordSizes, readRecord } from "./record/checkpoint-record.js";
export { checkpointPlace, decisionPlace, journalPlace, metadataPlace, questionPlace, writePlace } from "./record/data-places.js";
export { decide } from "./record/decide.js";
export { type Chains, decodeChains } from "./record/decode-chains.js";
export { type ChainLink, decodeCheckpoint } from "./record/decode-checkpoint.js";
export { copyCheckpoint, emptyCheckpoint } from "./record/empty-checkpoint.js";
export { type EncodedCheckpoint, encodeCheckpoint } from "./record/encode-checkpoint.js";
export { inPlace, placed, type SavedPlace } from "./record/in-place.js";
export { type IncomingCheckpoint, incomingCheckpoint, type StoredParent } from "./record/incoming-checkpoint.js";
export { fromKeyText, toKeyText } from "./record/key-text.js";
export { matchesFilter } from "./record/matches-filter.js";
export { contentOf, type ParentContent } from "./record/parent-content.js";
export { needsPendingSends, withPendingSends } from "./record/pending-sends.js";
export { ReadAhead } from "./record/read-ahead.js";
export { readDecision } from "./record/read-decision.js";
export { readLimit } from "./record/read-limit.js";
export { readMetadata } from "./record/read-metadata.js";
export { rememberShapes } from "./record/stored-shapes.js";
export {
  configOf,
  type NewPoint,
  readId,
  readNamespace,
  requireCheckpointId,
  requireLine,
  requireNewPoint,
  requirePoint,
  requireThreadId,
  type ThreadLine,
  type ThreadPoint,
} from "./record/thread-point.js";
export { DECISION_CHANNEL, DECISION_INDEX, type IndexedWrite, indexWrites } from "./record/write-index.js";
export { type ArrangedCheckpoint, type ArrangedThread, type ArrangedWrite, arrangeRecords } from "./retention/arrange-records.js";
export { type CheckpointFacts, type PrunePlan, planPrune } from "./retention/plan-prune.js";
export { type ResolvedPrune, resolvePrune } from "./retention/resolve-prune.js";
export { resolveStats } from "./retention/resolve-stats.js";
export type { PruneOptions, PruneResult, StatsQuery, StorageStats, ThreadRecord, ThreadStats } from "./retention/retention.js";
export { threadNotEmpty, unknownThread } from "./retention/thread-errors.js";
export { createSerializer, type SerializerOptions, type TextSerializer } from "./serde/create-serializer.js";
export type { DataPlace } from "./serde/data-place.js";
export { registerType } from "./serde/extensions.js";
export { OpaqueValue } from "./serde/opaque-value.js";
export type { Serializer, SerializerExtension } from "./serde/serializer.js";
export { BaseStore, type GetOptions, type ListNamespacesOptions, type PutOptions, type SearchOptions } from "./store/base-store.js";
export { decodeDocument, encodeDocument } from "./store/document.js";
export { InMemoryStore, type InMemoryStoreOptions } from "./store/in-memory-store.js";
export type { IndexConfig, StoreEmbeddings } from "./store/index-config.js";
export type { Item, SearchItem } from "./store/item.js";
export { commonPrefix, listNamespaces } from "./store/list-namespaces.js";
export { afterNamespaceText, fromNamespaceText, toNamespaceText } from "./store/namespace-text.js";
export type {
  GetOperation,
  ListNamespacesOperation,
  MatchCondition,
  NameSpacePath,
  NamespaceMatchType,
  Operation,
  OperationResult,
  OperationResults,
  PutOperation,
  SearchOperation,
} from "./store/operation.js";
export { requiredTexts, TAGGED_START } from "./store/required-texts.js";
export {
  type DocumentPlace,
  type ResolvedGet,
  type ResolvedList,
  type ResolvedOperation,
  type ResolvedSearch,
  resolveOperations,
} from "./store/resolve-operation.js";
export type { StoreOptions } from "./store/store-options.js";
export { type ResolvedTtl, resolveTtl, type StoreTtl } from "./store/store-ttl.js";
export { withoutIndex } from "./store/without-index.js";
export {
  type ChannelVersion,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointConfig,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointSaver,
  type CheckpointTuple,
  type Decision,
  type DecisionOutcome,
  type LeaseOutcome,
  type PendingWrite,
  type StorageEvent,
  type ThreadLease,
  WRITES_IDX_MAP,
} from "./types.js";
export { describeUnknownKeys, nearest } from "./unknown-keys.js";
