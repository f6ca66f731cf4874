const REPOSITORY = 'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions';

/** Where people report bugs. */
export const ISSUES = `${REPOSITORY}/issues`;

/** The page with every error. */
export const ERRORS_PAGE = `${REPOSITORY}/blob/main/docs/errors.md`;

/** The remedy where only a new version of this package can help. */
export const REPORT_BUG = `Report this bug, with the request ID if there is one, at ${ISSUES}.`;
