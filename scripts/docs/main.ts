import { writeFileSync } from 'node:fs';

import { fileOf, pageNames, writtenPage } from './pages';

for (const name of pageNames) {
	writeFileSync(fileOf(name), writtenPage(name));
	console.log(`docs/${name}`);
}
