/** The methods that take extra_headers. @type {Set<string>} */
export declare const extraHeaders: Set<string>;
/** The methods that take extra_query. @type {Set<string>} */
export declare const extraQuery: Set<string>;
/** The methods that take include_headers. @type {Set<string>} */
export declare const includeHeaders: Set<string>;
