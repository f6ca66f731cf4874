/** A vendor as the campaign sees it: what can go wrong there, and what it holds in the end. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Fault, LoggedRequest } from '../../cloud';
import type { CloudRequest } from '../../cloud/core/contract';
import type { Refusal } from '../../cloud/refusedRoutes';
import type { GeneratedContent, RunHandle } from '../../engine/types';
import type { NodeRun, Rig } from '../../support/rig';
import type { Claim } from '../campaign/claims';
import type { Random } from '../campaign/random';
import type { IfExists, PlannedFault, Scenario } from '../campaign/scenario';

/** The kind of fault after which a file is sent anew. */
export const SESSION_LOST = 'session lost';

/** Not chosen among the others: it strikes beside them, in a part of the runs. */
export const ROUTE_MISSING = 'route refused all the time';

/** Strikes by the kind of fault. */
export type Struck = Readonly<Record<string, number>>;

export interface StoredFile {
	readonly path: string;
	readonly sizeBytes: number;
	/** As the vendor computes it. */
	readonly hash: string;
	/** An earlier version of the file at its path. */
	readonly isReplaced?: boolean;
}

/** Where a fault may strike, and about how often a run comes there. */
export interface FaultRoute {
	readonly route: string;
	/** How much is at stake there. */
	readonly weight: number;
	readonly mostCalls: number;
}

/** A run, before anything goes wrong in it. */
export type Shape = Omit<Scenario, 'faults'>;

export interface FaultKind {
	/** As the table names it. */
	readonly name: string;
	/** How often it is chosen beside the others; 1 when absent. */
	readonly weight?: number;
	/** The routes of such a run that it can strike. */
	readonly routes: (shape: Shape) => readonly FaultRoute[];
	/** How many of it a run gets over for certain; 0 for what never passes by itself. */
	readonly recoversFrom: number;
	/** Kinds that use the same up have their strikes in common; each its own when absent. */
	readonly usesUp?: string;
	/** Whether it can go on without end: then files fail, for one of its reasons. */
	readonly mayLast: boolean;
	/** The `error.path` of files that fail because of it. */
	readonly reasons: RegExp;
	plant(planned: PlannedFault, scene: Scene): Fault[];
}

/** What a fault can get at. */
export interface Scene {
	readonly rig: Rig;
	readonly scenario: Scenario;
	/** In lower case: where another client has written during the run. */
	readonly foreignPaths: Set<string>;
	/** Calls before which another client has written to the very place that they write to. */
	readonly overtaken: Set<number>;
	/** Whether this call is the first with a token that replaced an expired one. */
	hasFreshToken(request: CloudRequest): boolean;
}

/** The first execution, when it is over. */
export interface Ended extends Pick<Scene, 'rig' | 'scenario' | 'overtaken'> {
	readonly claims: readonly Claim[];
	readonly log: readonly LoggedRequest[];
	readonly struck: Struck;
}

export type RunParameters = Pick<Scenario, 'options' | 'skipUnchanged' | 'strict'>;

export interface FaultVendor {
	readonly name: 'Dropbox' | 'Box';
	readonly hasStrictConflict: boolean;
	/** Whether a file is in the way that has the very content that is sent. */
	readonly sameContentConflicts: boolean;
	/** Whether what is replaced stays as an earlier version, and is replaced only when nobody else has done so. */
	readonly keepsVersions: boolean;
	readonly faultKinds: readonly FaultKind[];
	/** `error.path` of a file whose place is taken. */
	readonly conflict: RegExp;
	/** Of a large file: what carries its parts, and what makes a file of them. */
	readonly partRoute: string;
	readonly commitRoute: string;
	partBytesOf(sizeBytes: number): number;
	/** Routes of which a run never has two calls under way. */
	readonly serialRoutes: readonly string[];
	/** How many files of what sizes, and how the node is told to upload them. */
	plan(random: Random, hopeless: boolean): { sizes: readonly number[]; options: INodeParameters };
	connect(rig: Rig): Promise<void>;
	parameters(ifExists: IfExists, run: RunParameters): Pick<NodeRun, 'parameters' | 'options'>;
	start(rig: Rig, run: NodeRun): Promise<RunHandle>;
	/** The vendor's own ways for this run. */
	prepare(rig: Rig, scenario: Scenario): void;
	/** Routes of such a run that another one stands in for. */
	replaceableRoutes(shape: Shape): readonly string[];
	/** Ways in which the vendor may refuse a route itself. */
	readonly refusals: readonly Refusal[];
	/** Another client's write. */
	put(rig: Rig, path: string, content: GeneratedContent): void;
	stored(rig: Rig): StoredFile[];
	hashOf(content: GeneratedContent): string;
	/** Where a file of this name goes. */
	pathOf(name: string): string;
	/** What an item says about its stored file. */
	claimOf(json: IDataObject): StoredFile;
	/** What a run has done that its files do not show: sessions without need, a version replaced unseen. */
	misdeeds(ended: Ended): string[];
	/** Failed uploads that did not go on where they said they could. */
	notResumed(
		failed: ReadonlyArray<Claim | undefined>,
		log: readonly LoggedRequest[],
		struck: Struck,
		scenario: Scenario,
	): string[];
	/** Puts the vendor's settings back to what they were. */
	mend(rig: Rig): void;
}
