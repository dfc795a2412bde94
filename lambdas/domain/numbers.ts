/**
 * The whole numbers that records hold. Each schema is made once and shared: a chain of checks is made anew for every field that spells
 * it, and a function that starts spends its time on little else.
 */
import * as z from 'zod';

/** From 0. */
export const wholeSchema = z.number().int().nonnegative();

/** From 1. */
export const countSchema = z.number().int().positive();
