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
     * Retrieve a model.
     *
     * @param {string} model The id of the model.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Model>}
     */
    retrieve(model: string, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Model>;
}
/** Embeddings. */
export declare class Embeddings extends Resource {
    /**
     * Create embeddings for texts.
     *
     * @param {import('../types/api.js').EmbeddingCreateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').CreateEmbeddingResponse>}
     */
    create(params: import('../types/api.js').EmbeddingCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').CreateEmbeddingResponse>;
}
/** Audio transcriptions. */
export declare class AudioTranscriptions extends SpecialAudioTranscriptions {
}
/** Audio. */
export declare class Audio extends Resource {
    transcriptions: AudioTranscriptions;
}
/** Realtime calls. */
export declare class RealtimeCalls extends Resource {
    /**
     * Create a realtime call: exchange an SDP offer for the answer.
     *
     * @param {import('../types/api.js').RealtimeCallCreateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>}
     */
    create(params: import('../types/api.js').RealtimeCallCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>;
    /**
     * Create a version 3 realtime call: exchange an SDP offer for the answer.
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
/** File uploads. */
export declare class Files extends SpecialFiles {
}
/** Credits that reset exhausted rate limits. */
export declare class CodexRateLimitResetCredits extends Resource {
    /**
     * List the credits that reset exhausted rate limits.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').ResetCredits>}
     */
    list(options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').ResetCredits>;
    /**
     * List the history of rate limit reset credits over the last 30 days.
     *
     * @param {import('../types/api.js').CreditsHistoryParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').CreditsHistory>}
     */
    history(params?: import('../types/api.js').CreditsHistoryParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').CreditsHistory>;
    /**
     * Use a credit to reset the rate limits.
     *
     * @param {import('../types/api.js').CreditConsumeParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').ConsumedCredit>}
     */
    consume(params?: import('../types/api.js').CreditConsumeParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').ConsumedCredit>;
}
/** The accounts and workspaces of the signed-in user. */
export declare class CodexAccounts extends Resource {
    /**
     * Return the accounts and workspaces of the signed-in user.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Accounts>}
     */
    check(options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Accounts>;
}
/** Web search without calling a model. */
export declare class CodexWebSearch extends Resource {
    /**
     * Search the web without calling a model.
     *
     * @param {import('../types/api.js').WebSearchParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').WebSearchResult>}
     */
    search(params: import('../types/api.js').WebSearchParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').WebSearchResult>;
}
/** The account's managed configuration. */
export declare class CodexConfig extends Resource {
    /**
     * Return the account's managed configuration requirements.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    requirements(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Turns of Codex cloud tasks. */
export declare class CodexTasksTurns extends Resource {
    /**
     * Retrieve a turn of a cloud task.
     *
     * @param {string} task_id The id of the task.
     * @param {string} turn_id The id of the turn.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(task_id: string, turn_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Retrieve the logs of a turn of a cloud task.
     *
     * @param {string} task_id The id of the task.
     * @param {string} turn_id The id of the turn.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    logs(task_id: string, turn_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Create a pull request from a turn of a cloud task.
     *
     * @param {string} task_id The id of the task.
     * @param {string} turn_id The id of the turn.
     * @param {Raw | null} [body] The request body as sent to the backend.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    pullRequest(task_id: string, turn_id: string, body?: Raw | null, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * List the turns of a cloud task.
     *
     * @param {string} task_id The id of the task.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').TurnList>}
     */
    list(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').TurnList>;
    /**
     * List the other attempts at a turn of a cloud task.
     *
     * @param {string} task_id The id of the task.
     * @param {string} turn_id The id of the turn.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').SiblingTurns>}
     */
    siblingTurns(task_id: string, turn_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').SiblingTurns>;
}
/** Codex cloud tasks. */
export declare class CodexTasks extends Resource {
    turns: CodexTasksTurns;
    /**
     * List cloud tasks.
     *
     * @param {import('../types/api.js').TaskListParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').TaskList>}
     */
    list(params?: import('../types/api.js').TaskListParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').TaskList>;
    /**
     * Retrieve a cloud task.
     *
     * @param {string} task_id The id of the task.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Task>}
     */
    retrieve(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Task>;
    /**
     * Create a cloud task.
     *
     * @param {import('../types/api.js').TaskCreateParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').CreatedTask>}
     */
    create(params?: import('../types/api.js').TaskCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').CreatedTask>;
    /**
     * Cancel a cloud task.
     *
     * @param {string} task_id The id of the task.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    cancel(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Archive a cloud task.
     *
     * @param {string} task_id The id of the task.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    archive(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Recover an archived cloud task.
     *
     * @param {string} task_id The id of the task.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    recover(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Mark a cloud task as read.
     *
     * @param {string} task_id The id of the task.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    markRead(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Environments for Codex cloud tasks. */
export declare class CodexEnvironments extends Resource {
    /**
     * List the environments for cloud tasks.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Environment[]>}
     */
    list(options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Environment[]>;
    /**
     * Retrieve an environment for cloud tasks.
     *
     * @param {string} environment_id The id of the environment.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(environment_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Search the environments for cloud tasks.
     *
     * @param {import('../types/api.js').EnvironmentSearchParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').EnvironmentPage>}
     */
    search(params?: import('../types/api.js').EnvironmentSearchParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').EnvironmentPage>;
    /**
     * List the environments for a repository.
     *
     * @param {string} provider The provider of the repository, such as "github".
     * @param {string} owner The owner of the repository.
     * @param {string} repo The name of the repository.
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Environment[]>}
     */
    byRepo(provider: string, owner: string, repo: string, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Environment[]>;
}
/** ChatGPT's memories of the user. */
export declare class CodexMemories extends Resource {
    /**
     * List ChatGPT's memories of the user.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Memories>}
     */
    list(options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Memories>;
    /**
     * Summarize session traces into memories.
     *
     * @param {import('../types/api.js').TraceSummarizeParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').MemorySummarizeResponse>}
     */
    traceSummarize(params: import('../types/api.js').TraceSummarizeParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').MemorySummarizeResponse>;
}
/** The user's custom instructions for ChatGPT. */
export declare class CodexUserSystemMessages extends Resource {
    /**
     * Retrieve the user's custom instructions for ChatGPT.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').UserSystemMessages>}
     */
    retrieve(options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').UserSystemMessages>;
}
/** Methods of the Codex backend beyond OpenAI's API. Results are returned unchanged. */
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
     * Return the account's usage and rate limits.
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
     * Return the signed-in account, without secrets.
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
     * Return the WebSocket URL of the Realtime API.
     *
     * @param {import('../types/api.js').RealtimeWebSocketURLParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<string>}
     */
    realtimeWebsocketURL(params: import('../types/api.js').RealtimeWebSocketURLParams, options?: RequestOptions | null): import('./promise.js').APIPromise<string>;
    /**
     * Return the headers for the WebSocket of the Realtime API.
     *
     * @param {import('../types/api.js').RealtimeWebSocketHeadersParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').RealtimeWebSocketHeaders>}
     */
    realtimeWebsocketHeaders(params?: import('../types/api.js').RealtimeWebSocketHeadersParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').RealtimeWebSocketHeaders>;
}
