/** Where people tell of bugs. */
export const ISSUES =
	'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions/issues';

/** The remedy where only a new version of this package can help. */
export const REPORT_BUG = `Report this bug, with the request ID if there is one, at ${ISSUES}.`;
