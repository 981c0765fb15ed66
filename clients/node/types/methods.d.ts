/** The methods that support extra_headers. @type {Set<string>} */
export declare const extraHeaders: Set<string>;
/** The methods that support extra_query. @type {Set<string>} */
export declare const extraQuery: Set<string>;
/** The methods that support include_headers. @type {Set<string>} */
export declare const includeHeaders: Set<string>;
