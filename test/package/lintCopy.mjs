// node lintCopy.mjs <sources> <folder>: n8n-node lint on a copy of the sources, made in the folder.
import { lintWithNodeCli } from '../../scripts/lib/nodeCli.mjs';

const [sources, folder] = process.argv.slice(2);
process.exitCode = lintWithNodeCli(folder, sources);
