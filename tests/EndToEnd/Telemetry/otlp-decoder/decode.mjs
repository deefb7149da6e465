// npm ci && node decode.mjs SIGNAL FILE...: writes what the files hold, each the body of one OTLP request as protobuf, as one JSON array.
// SIGNAL is metrics, traces or logs. Numbers of 64 bits are texts, bytes are base64, fields that a message does not have are left out.
import { readFileSync } from 'node:fs';
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js';

const { metrics, trace, logs } = root.opentelemetry.proto.collector;
const requests = new Map([
  ['metrics', metrics.v1.ExportMetricsServiceRequest],
  ['traces', trace.v1.ExportTraceServiceRequest],
  ['logs', logs.v1.ExportLogsServiceRequest],
]);
const [signal, ...files] = process.argv.slice(2);
const request = requests.get(signal);
const decoded = files.map((file) => request.toObject(request.decode(readFileSync(file)), { longs: String, bytes: String }));
console.log(JSON.stringify(decoded));
