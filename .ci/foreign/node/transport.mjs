// Preloaded with --import: unchanged programs that use the official package use
// codex-rpc instead of the network.
import { createFetch } from 'codex-rpc/fetch';

process.env.OPENAI_API_KEY = '-';
globalThis.fetch = createFetch({ mock: process.env.MOCK || true });
