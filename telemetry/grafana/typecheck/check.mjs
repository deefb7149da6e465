// npm ci && npm run check: type-checks every dashboard against @grafana/schema. Exit code 1 and the compiler's words where one is none.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '..', 'dashboards');
// JSON holds the values of enums, not their names.
const types = `import type { Dashboard } from '@grafana/schema';
type Json<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
`;
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const source = types + files.map((file, i) => `export const d${i}: Json<Dashboard> = ${readFileSync(join(folder, file), 'utf8')};`).join('\n');

const name = join(here, 'dashboards.ts');
const options = { noEmit: true, strict: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext };
const host = ts.createCompilerHost(options);
const read = host.getSourceFile;
host.getSourceFile = (file, ...rest) => (file === name ? ts.createSourceFile(file, source, options.target) : read.call(host, file, ...rest));
const problems = ts.getPreEmitDiagnostics(ts.createProgram([name], options, host));
console.log(ts.formatDiagnostics(problems, { getCanonicalFileName: (f) => f, getCurrentDirectory: () => here, getNewLine: () => '\n' }));
console.log(`${files.length} dashboards, ${problems.length} problems`);
process.exit(problems.length > 0 || files.length === 0 ? 1 : 0);
