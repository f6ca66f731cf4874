/** The recovery paths of the node, each with what it takes to disable it in a copy of the build. */

export interface Mutation {
	/** What the node can no longer do. */
	readonly name: string;
	/** Whose runs can notice it; both when absent. */
	readonly vendor?: 'Dropbox' | 'Box';
	/** Below dist/nodes. */
	readonly file: string;
	/** Stands in the file once. */
	readonly find: string;
	readonly replace: string;
	/** What the campaign cannot come to, or would not mind: a test of the built node that fails without it. */
	readonly noticedBy?: NoticedBy;
}

export interface NoticedBy {
	/** Below test/nodes. */
	readonly file: string;
	/** A part of its name. */
	readonly test: string;
}

const CALL = 'shared/http/call.js';
const CLIENT = 'shared/http/n8nClient.js';
const DROPBOX = 'DropboxUpload/uploadFiles';
const DROPBOX_REASONS = 'DropboxUpload/api/failures';
const BOX = 'BoxUpload/uploadFile';
const BOX_API = 'BoxUpload/api';

export const mutations: readonly Mutation[] = [
	{
		name: 'repeating a call that failed for a moment',
		file: CALL,
		find: 'if (delayMs === undefined) {',
		replace: 'if (true) {',
	},
	{
		name: 'waiting as long as the vendor asks for',
		file: CALL,
		find: 'const retryAfterMs = askedForMs(reader, reply, client.serverNowMs());',
		replace: 'const retryAfterMs = undefined;',
	},
	{
		name: 'sending a call again after the rest of its account',
		file: CALL,
		find: 'return leftMs > this.remainingMs() ? (0, longWait_1.withLongWait)(failure, leftMs) : undefined;',
		replace: 'return failure;',
	},
	{
		name: 'knowing that a broken connection may have stored the file',
		file: 'shared/http/rejection.js',
		find: "    return { kind: 'lost', reason: code };",
		replace: "    return { kind: 'unsent', reason: code, passes: true };",
	},
	{
		name: 'knowing that an answer that breaks off may have stored the file',
		file: 'shared/http/fullResponse.js',
		find: "return { kind: 'lost', reason: (0, rejection_1.codeOf)(error) ?? 'The response broke off' };",
		replace: "return { kind: 'unsent', reason: 'broken', passes: true };",
	},
	{
		name: 'knowing that a 5xx may have stored the file',
		file: CALL,
		find: 'sent.reply.status >= 500 || ',
		replace: '',
	},
	{
		name: 'knowing that an unreadable answer may have stored the file',
		file: CALL,
		find: ' || sent.reply.status < 300',
		replace: '',
	},
	{
		name: 'renewing an expired sign-in',
		file: CLIENT,
		find: 'except: [401]',
		replace: 'except: []',
	},
	{
		name: 'trying again when the renewal of the sign-in fails',
		file: 'shared/http/signIn.js',
		find: "kind: 'notRenewed',",
		replace: "kind: 'unauthorized',",
	},
	{
		name: 'understanding that a pack has arrived although its answer was lost',
		vendor: 'Dropbox',
		file: `${DROPBOX}/sendPack.js`,
		find: 'return received ? undefined : failure;',
		replace: 'return failure;',
	},
	{
		name: 'understanding that a part has arrived although its answer was lost',
		vendor: 'Dropbox',
		file: `${DROPBOX}/sessionTarget.js`,
		find: "(code === 'incorrect_offset' && !last &&",
		replace: '(false &&',
	},
	{
		name: 'understanding that the closing part has arrived although its answer was lost',
		vendor: 'Dropbox',
		file: `${DROPBOX}/sessionTarget.js`,
		find: "(code === 'closed' && last && outcome.responseLost)",
		replace: 'false',
	},
	{
		name: 'sending the hash of its bytes with each request',
		vendor: 'Dropbox',
		file: 'DropboxUpload/api/sessions.js',
		find: 'argument: { cursor, close, content_hash: contentHash },',
		replace: 'argument: { cursor, close },',
	},
	{
		name: 'sending the hash of its bytes with each pack',
		vendor: 'Dropbox',
		file: 'DropboxUpload/api/sessions.js',
		find: 'argument: { entries, content_hash: contentHash },',
		replace: 'argument: { entries },',
	},
	{
		name: 'a new session for a small file whose session is lost',
		vendor: 'Dropbox',
		file: `${DROPBOX}/uploader.js`,
		find: 'if (SENT_AGAIN.has(failure.code) && this.sendAgain(file))',
		replace: 'if (false)',
		noticedBy: {
			file: 'upload/network.test.ts',
			test: 'in a pack: only that file is sent again, once',
		},
	},
	{
		name: 'a new session for a large file whose session is lost',
		// At Dropbox the file would come again in a second round, as a small one does.
		vendor: 'Box',
		file: 'shared/transfer/inParts.js',
		find: 'if (opened.ok && !target.isSessionLost(filled.failure))',
		replace: 'if (opened.ok)',
	},
	{
		name: 'sending a file again whose session is lost before the commit',
		vendor: 'Dropbox',
		file: `${DROPBOX}/commitQueue.js`,
		find: 'if (commitOutcome_1.SESSION_LOST.has(failure.code) && this.onSessionLost(file))',
		replace: 'if (false)',
	},
	{
		name: 'committing again what Dropbox has put off',
		vendor: 'Dropbox',
		file: 'DropboxUpload/batch/commitEntries.js',
		find: 'passes: pending.length > 0,',
		replace: 'passes: false,',
	},
	{
		name: 'waiting for a commit that was cut off and is still at work',
		vendor: 'Dropbox',
		file: 'DropboxUpload/batch/busy.js',
		find: 'maxRetries: Infinity',
		replace: 'maxRetries: 0',
	},
	{
		name: 'committing without the entry that a whole batch is refused for',
		vendor: 'Dropbox',
		file: 'DropboxUpload/api/refusedBatch.js',
		find: 'if (!isRefusedWhole(response) || entries.length < 2 || splits.left <= 0) {',
		replace: 'if (true) {',
	},
	{
		name: 'looking at the path after an answer to a commit that nobody can make sense of',
		vendor: 'Dropbox',
		file: `${DROPBOX}/commitQueue.js`,
		find: "if (skips || failure.stored === 'unknown')",
		replace: 'if (skips)',
	},
	{
		name: 'seeing that a session is used up because the lost commit went through',
		vendor: 'Dropbox',
		file: `${DROPBOX_REASONS}/lostCommit.js`,
		find: 'if (!USED_UP.has(failure.code))',
		replace: 'if (true)',
	},
	{
		name: 'saying that a commit may have stored the file when no response comes',
		vendor: 'Dropbox',
		file: `${DROPBOX_REASONS}/lostCommit.js`,
		find: "return { ...failure, stored: 'unknown' };",
		replace: 'return failure;',
	},
	{
		name: 'looking at the path after a commit whose answer was lost',
		vendor: 'Dropbox',
		file: `${DROPBOX}/reconcile.js`,
		find: 'if (!isOurs(one, there.value, isNew))',
		replace: 'if (true)',
	},
	{
		name: 'looking for the renamed file after a commit whose answer was lost',
		vendor: 'Dropbox',
		file: `${DROPBOX}/reconcile.js`,
		find: 'if (direct.ok || !found(one).ok || !commit.autorename)',
		replace: 'if (true)',
	},
	{
		name: "going by the vendor's clock when it looks",
		vendor: 'Dropbox',
		file: CLIENT,
		find: 'return Date.now() + this.clockOffsetMs;',
		replace: 'return Date.now();',
	},
	{
		name: 'skipping what came to the path after it was looked at',
		vendor: 'Dropbox',
		file: `${DROPBOX}/reconcile.js`,
		find: "return ifExists === 'skip' && code === 'path/conflict/file';",
		replace: 'return false;',
	},
	{
		name: 'one commit at a time for one account',
		file: 'shared/http/serial.js',
		find: 'const before = tails.get(key);',
		replace: 'const before = undefined;',
	},
	{
		name: 'committing items with one path one after the other',
		vendor: 'Dropbox',
		file: `${DROPBOX}/commitQueue.js`,
		find: 'if (isItsTurn && batch.length < this.batchSize)',
		replace: 'if (batch.length < this.batchSize)',
		noticedBy: {
			file: 'upload/items.test.ts',
			test: 'keeps the order of one path between small and large files',
		},
	},
	{
		name: 'packing less when a header is too long',
		vendor: 'Dropbox',
		file: `${DROPBOX}/sendPack.js`,
		find: 'if ((headerTooLong || oneIsGuilty) && files.length > 1) {',
		replace: 'if (oneIsGuilty && files.length > 1) {',
	},
	{
		name: 'asking for the root of the account again when it has moved',
		vendor: 'Dropbox',
		file: 'DropboxUpload/api/connection.js',
		find: "failure.code === 'invalid_root'",
		replace: "failure.code === 'never'",
	},
	{
		name: 'going on with the session of an earlier try',
		file: 'shared/transfer/checkpoints.js',
		find: 'return this.isMine ? await this.store.load(this.key) : undefined;',
		replace: 'return undefined;',
	},
	{
		name: 'remembering in Retry On Fail what the first try has stored',
		file: 'shared/run/earlierTries.js',
		find: 'const run = known ??',
		replace: 'const run =',
	},
	{
		name: 'looking at the place after a small file whose answer was lost',
		vendor: 'Box',
		file: `${BOX}/direct.js`,
		find: 'if (!(0, reconcile_1.mustReconcile)(failure, resolved, mayBeStored))',
		replace: 'if (true)',
	},
	{
		name: 'looking at the place after a commit whose answer was lost',
		vendor: 'Box',
		file: `${BOX}/sessionCommit.js`,
		find: 'if (committed.ok || !this.mustReconcile(committed.failure))',
		replace: 'if (true)',
	},
	{
		name: 'listing the parts after a part whose answer was lost',
		vendor: 'Box',
		file: `${BOX_API}/parts.js`,
		find: 'if (!sent.responseLost && status !== 409 && status !== 416)',
		replace: 'if (true)',
	},
	{
		name: 'sending the digest of a small file',
		vendor: 'Box',
		file: `${BOX_API}/files.js`,
		find: "headers: { 'Content-Type': contentType, 'Content-MD5': sha1, ...headers },",
		replace: "headers: { 'Content-Type': contentType, ...headers },",
	},
	{
		name: 'committing again while Box is at work on the parts (202)',
		vendor: 'Box',
		file: `${BOX_API}/commit.js`,
		find: 'return { done: false, ...(retryAfterMs !== undefined && { waitMs: retryAfterMs }) };',
		replace: 'return ended((0, failure_1.failed)(STILL_PROCESSING));',
		noticedBy: {
			file: 'boxUpload/faults.test.ts',
			test: '202 five times',
		},
	},
	{
		name: 'committing again after a parts_mismatch that passes',
		vendor: 'Box',
		file: `${BOX_API}/commit.js`,
		find: "failure.code === 'parts_mismatch' &&",
		replace: 'false &&',
	},
	{
		name: 'waiting while a folder is blocked or a name reserved',
		vendor: 'Box',
		file: `${BOX_API}/failures/codes.js`,
		find: 'operation_blocked_temporary: (0, catalogue_1.passing)(',
		replace: 'operation_blocked_temporary: (0, catalogue_1.forUser)(',
	},
	{
		name: 'sending a large file again whose session is lost before the commit',
		vendor: 'Box',
		file: `${BOX}/inSession.js`,
		find: 'const helpsAnew = filled.ok && !this.commit.isUnsettled && this.helpsAnew(failure);',
		replace: 'const helpsAnew = false;',
	},
	{
		name: 'giving a session up that nobody needs any more',
		vendor: 'Box',
		file: `${BOX}/sessionTarget.js`,
		find: 'if (opened?.ok && this.current !== undefined && !isGone) {',
		replace: 'if (false) {',
	},
	{
		name: 'finding another name when the name has been taken meanwhile',
		vendor: 'Box',
		file: `${BOX}/sender.js`,
		find: "if (outcome.ok || resolved.kind !== 'newFile' || !mayTry)",
		replace: 'if (true)',
	},
	{
		name: 'sending files with one name one after the other',
		vendor: 'Box',
		file: `${BOX}/uploader.js`,
		find: '[...(0, groupBy_1.groupBy)(located, ({ key }) => key).values()]',
		replace: 'located.map((one) => [one])',
	},
	{
		name: 'replacing only the version that it has seen (If-Match)',
		vendor: 'Box',
		file: `${BOX_API}/files.js`,
		find: "const headers = { 'If-Match': etag };",
		replace: 'const headers = {};',
	},
	{
		name: 'replacing a large file only in the version that it has seen (If-Match)',
		vendor: 'Box',
		file: `${BOX}/sessionCommit.js`,
		find: 'ifMatch: this.etag,',
		replace: 'ifMatch: undefined,',
	},
	{
		name: 'saying that a commit may have stored the file when no response comes',
		vendor: 'Box',
		file: `${BOX_API}/failures/lostCommit.js`,
		find: "return responseLost ? { ...failure, stored: 'unknown' } : failure;",
		replace: 'return failure;',
	},
	{
		name: 'saying that Box may store a small file later whose answer was lost',
		vendor: 'Box',
		file: `${BOX}/direct.js`,
		find: "...(mayBeStored && { stored: 'unknown' }),",
		replace: '',
	},
	{
		name: 'a new session for a file whose parts Box put together to another one (digest_mismatch)',
		vendor: 'Box',
		file: `${BOX}/inSession.js`,
		find: "new Set(['bad_digest', 'digest_mismatch', 'parts_mismatch'])",
		replace: 'new Set()',
	},
	{
		name: 'knowing that a commit answered 202 may have stored the file',
		vendor: 'Box',
		file: `${BOX_API}/commit.js`,
		find: 'this.isAccepted = true;',
		replace: '',
	},
	{
		name: 'using the folder that a conflict names while no list shows it',
		vendor: 'Box',
		file: `${BOX}/folders.js`,
		find: 'if (named !== undefined)',
		replace: 'if (false)',
		noticedBy: {
			file: 'boxUpload/answers.test.ts',
			test: 'in its lists: the one that the conflict names is used',
		},
	},
	{
		name: 'asking again for a folder that has just been made',
		vendor: 'Box',
		file: `${BOX_API}/newFolders.js`,
		find: 'if (failure.status !== 404 || !isNew)',
		replace: 'if (true)',
	},
	{
		name: 'going on with the new etag when the version is the same',
		vendor: 'Box',
		file: `${BOX}/reconcile.js`,
		find: "return status === 412 && resolved.kind === 'newVersion' && resolved.seen !== undefined;",
		replace: 'return false;',
	},
	{
		name: 'storing only one of several files for one place, and no other in its stead',
		vendor: 'Dropbox',
		file: `${DROPBOX}/waves.js`,
		find: 'else if (wave.has(place))',
		replace: 'else if (false)',
	},
	{
		name: 'sending a large file when the look before it fails',
		vendor: 'Dropbox',
		file: `${DROPBOX}/leaveOut.js`,
		find: 'return mustAsk ?',
		replace: 'return true ?',
		noticedBy: {
			file: 'upload/samePlace.test.ts',
			test: 'a large file is sent when the question cannot be asked',
		},
	},
	{
		name: 'writing paths as Dropbox stores them (NFC)',
		vendor: 'Dropbox',
		file: 'DropboxUpload/api/paths.js',
		find: "return path.normalize('NFC');",
		replace: 'return path;',
		noticedBy: { file: 'upload/names.test.ts', test: 'are stored in NFC' },
	},
	{
		name: 'knowing that a list whose page comes again has no end',
		file: 'shared/http/pages.js',
		find: 'const isSamePage = next === askedFor;',
		replace: 'const isSamePage = false;',
		noticedBy: {
			file: 'http/endlessLists.test.ts',
			test: 'a folder of Box whose page comes again and again',
		},
	},
	{
		name: 'counting a few bytes of a link as no progress',
		file: 'shared/source/url/breaks.js',
		find: 'offset - this.worthwhileTo >= WORTHWHILE_BYTES',
		replace: 'offset - this.worthwhileTo >= 1',
		noticedBy: { file: 'source/slow.test.ts', test: 'a few bytes a connection are no progress' },
	},
	{
		name: 'reading a list of parts again that lags behind',
		vendor: 'Box',
		file: `${BOX_API}/parts.js`,
		find: '(found) => !isThere || !found.ok || found.value !== undefined',
		replace: '() => true',
		noticedBy: {
			file: 'boxUpload/answers.test.ts',
			test: 'after a lost answer: asked again, and the session goes on',
		},
	},
	{
		name: 'listing the folder when a conflict names no item',
		vendor: 'Box',
		file: `${BOX}/lookup.js`,
		find: 'if (!isTaken && !(0, refusedRoute_1.isRouteRefused)(checked.failure))',
		replace: 'if (true)',
		noticedBy: {
			file: 'boxUpload/answers.test.ts',
			test: 'the conflict names no item: the folder is listed',
		},
	},
	{
		name: 'knowing that what is there may have replaced what was sent',
		vendor: 'Box',
		file: `${BOX}/reconcile.js`,
		find: 'const mayHoldOurs = sent.mayBeStored && mayHaveReplaced(connection, resolved, item);',
		replace: 'const mayHoldOurs = false;',
		noticedBy: { file: 'boxUpload/answers.test.ts', test: 'it is an earlier version, sent once' },
	},
	{
		name: 'asking for each name once the list has proved old',
		vendor: 'Box',
		file: `${BOX}/sender.js`,
		find: 'this.freeNames.wasTaken(located.folderId);',
		replace: 'void 0;',
		noticedBy: {
			file: 'boxUpload/answers.test.ts',
			test: 'each name is asked for before the content goes out again',
		},
	},
	{
		name: 'telling an item of the run that another one has its place',
		vendor: 'Box',
		file: `${BOX}/sender.js`,
		find: 'if (held !== undefined)',
		replace: 'if (false)',
		noticedBy: {
			file: 'boxUpload/existing.test.ts',
			test: 'fail: the first stays',
		},
	},
	{
		name: 'holding back a commit of which an item could not be read',
		vendor: 'Box',
		file: 'BoxUpload/commitSession/execute.js',
		find: 'withoutPart(input, unreadOf) ??',
		replace: '',
		noticedBy: { file: 'box/commit.test.ts', test: 'its session is told before the call' },
	},
	{
		name: 'ending a run that has waited for long enough',
		file: 'shared/http/outageBudget.js',
		find: 'if (outage.totalMs + outage.addedBy(nowMs, untilMs) > this.limitMs + MARGIN_MS)',
		replace: 'if (false)',
		noticedBy: { file: 'http/rateLimits.test.ts', test: 'steps by hand have the same budget' },
	},
	{
		name: 'letting all calls of an account rest after a 429',
		file: 'shared/http/accountPause.js',
		find: 'return Math.max(0, (rests.get(accountKey)?.untilMs ?? 0) - Date.now());',
		replace: 'return 0;',
		noticedBy: {
			file: 'http/retries.test.ts',
			test: 'holds back all requests of the account, also those of another execution',
		},
	},
	{
		name: 'renewing a token that is too old, where a 401 may be about a permission',
		file: CLIENT,
		find: "return isExpired ? await this.sendOnce(request, 'renew') : answer;",
		replace: 'return answer;',
		noticedBy: {
			file: 'dropbox/reasons.test.ts',
			test: 'is another thing than a token that is too old',
		},
	},
	{
		name: 'remembering which permission the token lacks',
		file: 'shared/http/permissions.js',
		find: 'this.refused.set(kind, outcome.failure);',
		replace: 'void 0;',
		noticedBy: { file: 'dropbox/reasons.test.ts', test: 'is asked for once in 50 links' },
	},
	{
		name: 'letting the first call that needs a permission go alone',
		file: 'shared/http/permissions.js',
		find: 'await first;',
		replace: 'void 0;',
		noticedBy: {
			file: 'box/reasons.test.ts',
			test: 'is asked for once by 20 items: Upload File',
		},
	},
	{
		name: 'giving up a source that brings nothing',
		file: 'shared/source/timeouts.js',
		find: 'if (--looksLeft < 0)',
		replace: 'if (false)',
		noticedBy: { file: 'source/stalled.test.ts', test: 'asks for the rest of a small file' },
	},
	{
		name: 'giving up a source that brings next to nothing',
		file: 'shared/source/timeouts.js',
		find: 'else if (isTooSlow)',
		replace: 'else if (false)',
		noticedBy: { file: 'source/slow.test.ts', test: 'a byte every five seconds is told' },
	},
	{
		name: 'giving up an answer that stops in its middle',
		file: 'shared/http/replyText.js',
		find: 'await Promise.race([next, stalled])',
		replace: 'await next',
		noticedBy: {
			file: 'http/silentReply.test.ts',
			test: 'sends a call again whose answer stops',
		},
	},
	{
		name: 'seeing that a commit of the same content has changed nothing',
		vendor: 'Dropbox',
		file: `${DROPBOX}/commitQueue.js`,
		find: 'value.skipped === undefined && this.isOlder(value)',
		replace: 'false',
		noticedBy: {
			file: 'upload/samePlace.test.ts',
			test: 'a small file is sent, and told by the time',
		},
	},
	{
		name: 'asking no second time in Retry On Fail for what the first try has done',
		file: 'shared/run/acrossTries.js',
		find: 'outcome.ok || stands(outcome.failure)',
		replace: 'false',
		noticedBy: { file: 'retryOnFail.test.ts', test: 'are opened once for each item' },
	},
	{
		name: 'finishing a session without the bytes that a failed try has appended',
		vendor: 'Dropbox',
		file: 'DropboxUpload/finishSession/finishFile.js',
		find: 'tried.mayHaveAppended = true;',
		replace: '',
		noticedBy: {
			file: 'dropbox/sessions.test.ts',
			test: 'goes on in the second try of Retry On Fail',
		},
	},
	{
		name: 'finishing a session where Dropbox says that it ends',
		vendor: 'Dropbox',
		file: 'DropboxUpload/finishSession/finishFile.js',
		find: 'isOurs && endsAt !== offset &&',
		replace: 'false &&',
		noticedBy: { file: 'dropbox/sessions.test.ts', test: 'sends them again after' },
	},
	{
		name: 'looking at the paths of a batch whose answer was lost',
		vendor: 'Dropbox',
		file: 'DropboxUpload/finishUploadBatch/settleBatch.js',
		find: '!(0, lostCommit_1.isUsedUp)(outcome.failure)',
		replace: 'true',
		noticedBy: {
			file: 'dropbox/finishUploadBatch.test.ts',
			test: 'looks at the paths, and sends nothing twice',
		},
	},
	{
		name: 'knowing the tries of one call of a tool as one run',
		file: 'shared/run/runOf.js',
		find: 'callOfArguments.get(given) ?? ++toolCalls',
		replace: '++toolCalls',
		noticedBy: { file: 'agentTool.test.ts', test: 'Retry On Fail stores nothing twice in Box' },
	},
	{
		name: 'telling a model what to change',
		file: 'shared/output/toItems.js',
		find: 'if (isTool(context))',
		replace: 'if (false)',
		noticedBy: {
			file: 'agentTool.test.ts',
			test: 'names a system error as we do, with what to do',
		},
	},
	{
		name: 'waiting for a slow line as long as it makes progress',
		file: 'shared/http/bodyProgress.js',
		find: 'return answerTimeoutMs + Math.min(LONGEST_ON_THE_WAY_MS, onTheWayMs);',
		replace: 'return answerTimeoutMs;',
		noticedBy: { file: 'http/slowLine.test.ts', test: '40 MiB at 60 kB a second' },
	},
	{
		name: 'giving up a body of which nothing moves',
		file: 'shared/http/bodyProgress.js',
		find: 'this.stop.abort();',
		replace: 'this.silentLooks = 0;',
		noticedBy: { file: 'http/slowLine.test.ts', test: 'a part that nobody answers' },
	},
	{
		name: 'taking no reason that the tables lack for a proof after a lost answer',
		vendor: 'Dropbox',
		file: `${DROPBOX_REASONS}/lostCommit.js`,
		find: "(0, read_1.isKnownReason)('files.UploadSessionFinishError', failure.code)",
		replace: 'true',
		noticedBy: {
			file: 'dropbox/finishUploadBatch.test.ts',
			test: 'takes a reason that it does not know for no proof',
		},
	},
	{
		name: 'refusing half a list of parts',
		vendor: 'Box',
		file: `${BOX_API}/parts.js`,
		find: 'listed.value.isWhole ?',
		replace: 'true ?',
		noticedBy: { file: 'box/parts.test.ts', test: 'refuses a list' },
	},
];
