/**
 * Asks whether a DynamoDB answers at an endpoint. It must not know who started it. The trap: any web server answers; only one
 * that speaks DynamoDB's JSON counts.
 */
const listTables = {
  method: 'POST',
  headers: {
    'Content-Type': 'application/x-amz-json-1.0',
    'X-Amz-Target': 'DynamoDB_20120810.ListTables',
    'X-Amz-Date': '20200101T000000Z',
    // Local engines want a signature to be there but don't check it.
    Authorization:
      'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  },
  body: '{}',
};

/** Whether a DynamoDB answers there, even if only to refuse the question; false when nothing or something else does. */
export const answersAsDynamoDb = async (endpoint: string, withinMs: number): Promise<boolean> => {
  try {
    const response = await fetch(endpoint, { ...listTables, signal: AbortSignal.timeout(withinMs) });
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null && ('TableNames' in body || '__type' in body);
  } catch {
    return false;
  }
};
