// npm installs what the lock says: an n8n-nodes-base without dependencies comes alone.
import { readFileSync, writeFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
delete lock.packages['node_modules/n8n-nodes-base'].dependencies;
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, '\t')}\n`);
