/** What this service says of itself, in the OpenAPI document and to MCP clients. */
export const serviceVersion = '0.1.0';
