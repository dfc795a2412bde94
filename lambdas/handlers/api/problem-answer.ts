/** A problem as API Gateway sends it: a document for machines, or the same words on a page where a person looks at one. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { markup } from '../text/markup.ts';
import { HTML, pageOf } from './page.ts';
import { problemBody, type Problem } from '../commands/problem.ts';

/** Answers are of one caller, and of the type that they say. */
export const GUARDED = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export const problemAnswer = (problem: Problem, asPage = false): APIGatewayProxyStructuredResultV2 => {
  const { title, detail, status } = problemBody(problem);
  const page = asPage ? pageOf(title, markup`<p>${detail}</p>\n`) : undefined;
  return {
    statusCode: status,
    headers: {
      ...GUARDED,
      ...page?.headers,
      'content-type': page ? HTML : 'application/problem+json',
      ...problem.headers,
    },
    body: page?.text ?? JSON.stringify(problemBody(problem)),
  };
};
