/*
 * pt_random.h
 *		Numbers that look random and are the same for the same seed, everywhere.
 */
#ifndef PT_RANDOM_H
#define PT_RANDOM_H

/* Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014) */
static inline uint64
pt_random(uint64 *state)
{
	uint64		z = (*state += UINT64CONST(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64CONST(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64CONST(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

#endif							/* PT_RANDOM_H */
