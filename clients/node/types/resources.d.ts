import { Resource } from './resource.js';
import { SpecialResponses } from './responses.js';
import { SpecialAudioTranscriptions, SpecialFiles, SpecialImages, SpecialModels } from './special.js';
export type RequestOptions = import('./session.js').RequestOptions;
export type Raw = import('../types/api.js').Raw;
/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/** @typedef {import('../types/api.js').Raw} Raw */
/** Model responses: text, tool calls, structured output. */
export declare class Responses extends SpecialResponses {
}
/** The models that the account may use. */
export declare class Models extends SpecialModels {
    /**
     * Look up one model.
     *
     * @param {string} model The model's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Model>}
     */
    retrieve(model: string, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Model>;
}
/** Embeddings. */
export declare class Embeddings extends Resource {
    /**
     * Turn texts into vectors.
     *
     * @param {import('../types/api.js').EmbeddingCreateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').CreateEmbeddingResponse>}
     */
    create(params: import('../types/api.js').EmbeddingCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').CreateEmbeddingResponse>;
}
/** Transcriptions of recordings. */
export declare class AudioTranscriptions extends SpecialAudioTranscriptions {
}
/** Audio. */
export declare class Audio extends Resource {
    transcriptions: AudioTranscriptions;
}
/** Calls of realtime sessions. */
export declare class RealtimeCalls extends Resource {
    /**
     * Begin a realtime call: trade an SDP offer for the answer.
     *
     * @param {import('../types/api.js').RealtimeCallCreateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>}
     */
    create(params: import('../types/api.js').RealtimeCallCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>;
    /**
     * Create a realtime call of version 3: exchange an SDP offer for the answer.
     *
     * @param {import('../types/api.js').RealtimeCallCreateV3Params} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>}
     */
    createV3(params: import('../types/api.js').RealtimeCallCreateV3Params, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>;
}
/** Realtime sessions. */
export declare class Realtime extends Resource {
    calls: RealtimeCalls;
}
/** Images. */
export declare class Images extends SpecialImages {
    /**
     * Generate images.
     *
     * @param {import('../types/api.js').ImageGenerateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>}
     */
    generate(params: import('../types/api.js').ImageGenerateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>;
}
/** Files that requests refer to. */
export declare class Files extends SpecialFiles {
}
/** Credits that reset used-up limits. */
export declare class CodexRateLimitResetCredits extends Resource {
    /**
     * List the credits that reset used-up limits.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    list(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * List what became of such credits in the last 30 days.
     *
     * @param {import('../types/api.js').CreditsHistoryParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    history(params?: import('../types/api.js').CreditsHistoryParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Use a credit to reset the limits.
     *
     * @param {import('../types/api.js').CreditConsumeParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    consume(params?: import('../types/api.js').CreditConsumeParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** The accounts and workspaces of the sign-in. */
export declare class CodexAccounts extends Resource {
    /**
     * Return the accounts and workspaces of the sign-in.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    check(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Web search without a model. */
export declare class CodexWebSearch extends Resource {
    /**
     * Search the web without a model.
     *
     * @param {import('../types/api.js').WebSearchParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    search(params: import('../types/api.js').WebSearchParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** The managed configuration of the account. */
export declare class CodexConfig extends Resource {
    /**
     * Tell the managed requirements of the account.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    requirements(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Turns of Codex cloud tasks. */
export declare class CodexTasksTurns extends Resource {
    /**
     * Retrieve one turn of a cloud task.
     *
     * @param {string} task_id The task's id.
     * @param {string} turn_id The turn's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(task_id: string, turn_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Retrieve the logs of a turn of a cloud task.
     *
     * @param {string} task_id The task's id.
     * @param {string} turn_id The turn's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    logs(task_id: string, turn_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Create a pull request of a turn of a cloud task.
     *
     * @param {string} task_id The task's id.
     * @param {string} turn_id The turn's id.
     * @param {Raw | null} [body] What the pull request is to be like, as the backend takes it.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    pullRequest(task_id: string, turn_id: string, body?: Raw | null, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * List the turns of a cloud task.
     *
     * @param {string} task_id The task's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    list(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * List the other attempts at a turn of a cloud task.
     *
     * @param {string} task_id The task's id.
     * @param {string} turn_id The turn's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    siblingTurns(task_id: string, turn_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Codex cloud tasks. */
export declare class CodexTasks extends Resource {
    turns: CodexTasksTurns;
    /**
     * List cloud tasks.
     *
     * @param {import('../types/api.js').TaskListParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    list(params?: import('../types/api.js').TaskListParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Look up one cloud task.
     *
     * @param {string} task_id The task's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Create a cloud task.
     *
     * @param {import('../types/api.js').TaskCreateParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    create(params?: import('../types/api.js').TaskCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Cancel a cloud task.
     *
     * @param {string} task_id The task's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    cancel(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Archive a cloud task.
     *
     * @param {string} task_id The task's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    archive(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Recover an archived cloud task.
     *
     * @param {string} task_id The task's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    recover(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Mark a cloud task as read.
     *
     * @param {string} task_id The task's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    markRead(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Environments of Codex cloud tasks. */
export declare class CodexEnvironments extends Resource {
    /**
     * List the environments of cloud tasks.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw[]>}
     */
    list(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw[]>;
    /**
     * Retrieve one environment of cloud tasks.
     *
     * @param {string} environment_id The environment's id.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(environment_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Search the environments of cloud tasks.
     *
     * @param {import('../types/api.js').EnvironmentSearchParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    search(params?: import('../types/api.js').EnvironmentSearchParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * List the environments of a repository.
     *
     * @param {string} provider Where the repository is, such as "github".
     * @param {string} owner Whose it is.
     * @param {string} repo Its name.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw[]>}
     */
    byRepo(provider: string, owner: string, repo: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw[]>;
}
/** What ChatGPT remembers about the user. */
export declare class CodexMemories extends Resource {
    /**
     * List what ChatGPT remembers about the user.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    list(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Summarize traces of sessions into memories.
     *
     * @param {import('../types/api.js').TraceSummarizeParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').MemorySummarizeResponse>}
     */
    traceSummarize(params: import('../types/api.js').TraceSummarizeParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').MemorySummarizeResponse>;
}
/** The user's customization of ChatGPT. */
export declare class CodexUserSystemMessages extends Resource {
    /**
     * Look up the user's customization of ChatGPT.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** What the Codex backend has beside OpenAI's API. Its answers come as they are. */
export declare class Codex extends Resource {
    rateLimitResetCredits: CodexRateLimitResetCredits;
    accounts: CodexAccounts;
    webSearch: CodexWebSearch;
    config: CodexConfig;
    tasks: CodexTasks;
    environments: CodexEnvironments;
    memories: CodexMemories;
    userSystemMessages: CodexUserSystemMessages;
    /**
     * Tell how much of the account's quota is used.
     *
     * @param {(import('../types/api.js').UsageParams & RequestOptions) | null} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Usage>}
     */
    usage(params?: (import('../types/api.js').UsageParams & RequestOptions) | null, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Usage>;
}
/** The methods of a client, and the groups of those. */
export declare class Methods extends Resource {
    responses: Responses;
    models: Models;
    embeddings: Embeddings;
    audio: Audio;
    realtime: Realtime;
    images: Images;
    files: Files;
    codex: Codex;
    /**
     * Tell who is signed in, without any secret.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').AccountInfo>}
     */
    accountInfo(options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').AccountInfo>;
    /**
     * Sign out: revoke the sign-in and remove the credentials.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').LoggedOut>}
     */
    logout(options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').LoggedOut>;
    /**
     * Tell the URL of the Realtime API's WebSocket.
     *
     * @param {import('../types/api.js').RealtimeWebSocketURLParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<string>}
     */
    realtimeWebsocketURL(params: import('../types/api.js').RealtimeWebSocketURLParams, options?: RequestOptions | null): import('./promise.js').APIPromise<string>;
    /**
     * Tell the headers to open the Realtime API's WebSocket with.
     *
     * @param {import('../types/api.js').RealtimeWebSocketHeadersParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').RealtimeWebSocketHeaders>}
     */
    realtimeWebsocketHeaders(params?: import('../types/api.js').RealtimeWebSocketHeadersParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').RealtimeWebSocketHeaders>;
}
