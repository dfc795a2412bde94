/** The template holds something that the local desk can't run. The message names it, with its logical id where it has one. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
