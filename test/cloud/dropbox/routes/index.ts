import type { Handlers } from '../call';
import { downloadRoutes } from './download';
import { listingRoutes } from './listing';
import { sharedFolderRoutes } from './sharedFolders';
import { sharingRoutes } from './sharing';
import { teamRoutes } from './team';
import { uploadRoutes } from './upload';
import { uploadBatchRoutes } from './uploadBatch';
import { uploadSessionRoutes } from './uploadSession';
import { userRoutes } from './users';

export const handlers: Handlers = {
	...uploadSessionRoutes,
	...uploadBatchRoutes,
	...uploadRoutes,
	...listingRoutes,
	...downloadRoutes,
	...sharingRoutes,
	...sharedFolderRoutes,
	...teamRoutes,
	...userRoutes,
};
