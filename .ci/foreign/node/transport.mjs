// Preloaded by --import: programs that use the official package as they are get
// codex-rpc in place of the network.
import { createFetch } from 'codex-rpc/fetch';

process.env.OPENAI_API_KEY = '-';
globalThis.fetch = createFetch({ mock: process.env.MOCK || true });
