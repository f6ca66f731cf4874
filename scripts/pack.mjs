// node scripts/pack.mjs <folder>: packs and unpacks there; prints where and how large as JSON.
import { packAndUnpack } from './lib/pack.mjs';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: node scripts/pack.mjs <folder>');
console.log(JSON.stringify(packAndUnpack(folder)));
