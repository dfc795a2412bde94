import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Imports point one way: handlers -> store -> domain, and the domain knows luxon and zod only. */
const mayImport = (files, allowed, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: `^(?!${allowed})`, message }] }] },
});

/** What the folders of handlers may use of each other: no two in a circle. */
const handlers = {
  api: ['commands', 'inbound', 'mail', 'report', 'text'],
  inbound: ['commands', 'mail', 'mail-events', 'text'],
  report: ['mail', 'text'],
  mail: ['text'],
  'mail-events': ['mail', 'text'],
  commands: [],
  dispatch: [],
  text: [],
};
const handlerFolders = Object.keys(handlers);
const betweenHandlers = handlerFolders.map((folder) => {
  const barred = handlerFolders.filter((other) => other !== folder && !handlers[folder].includes(other));
  const message = `Of the folders beside it, handlers/${folder} uses: ${handlers[folder].join(', ') || 'none'}.`;
  const regex = `^(\\.\\./)+(${barred.join('|')})/|\\.lambda\\.ts$`;
  return {
    files: [`lambdas/handlers/${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] },
  };
});

export default tseslint.config(
  { ignores: ['node_modules', 'cdk.out', 'dist', 'coverage', '.cache', '.venv-ci'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  mayImport(
    ['lambdas/domain/**/*.ts'],
    '(\\./|\\.\\./[a-z-]+\\.ts$|\\.\\./(account|explanation|mail|opening|plan|report|ticket|time)/|luxon$|zod$)',
    'The domain is pure: it imports luxon, zod and its own files only.',
  ),
  mayImport(
    ['lambdas/plans/**/*.ts'],
    '(\\./|\\.\\./domain/|zod$)',
    'Plans are data: they import the domain and zod only.',
  ),
  mayImport(
    ['lambdas/store/**/*.ts'],
    '(\\./|\\.\\./domain/|@aws-sdk/(client-dynamodb|util-dynamodb|client-s3|s3-request-presigner)$|zod$|ulid$|node:)',
    'The store imports the domain, DynamoDB and S3 only.',
  ),
  ...betweenHandlers,
  {
    files: ['lambdas/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Chance is an argument.' },
      ],
    },
  },
  {
    // A test reads JSON that came over HTTP and says itself what it expects of it.
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['bin/**/*.ts', 'test/bench/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
