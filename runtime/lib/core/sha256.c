/*===-- sha256.c - SHA-256 (FIPS 180-4) ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "internal.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const uint32_t rt_sha_k[64] __attribute__((aligned(64))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static inline uint32_t rt_rotr(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void rt_sha_blocks_plain(uint32_t state[8], const uint8_t *data, size_t blocks) {
  for (; blocks; --blocks, data += 64) {
    uint32_t w[64];
    for (int i = 0; i < 16; ++i)
      w[i] = (uint32_t)data[4 * i] << 24 | (uint32_t)data[4 * i + 1] << 16 |
             (uint32_t)data[4 * i + 2] << 8 | data[4 * i + 3];
    for (int i = 16; i < 64; ++i) {
      uint32_t s0 = rt_rotr(w[i - 15], 7) ^ rt_rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
      uint32_t s1 = rt_rotr(w[i - 2], 17) ^ rt_rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5],
             g = state[6], h = state[7];
    for (int i = 0; i < 64; ++i) {
      uint32_t t1 = h + (rt_rotr(e, 6) ^ rt_rotr(e, 11) ^ rt_rotr(e, 25)) + ((e & f) ^ (~e & g)) +
                    rt_sha_k[i] + w[i];
      uint32_t t2 =
          (rt_rotr(a, 2) ^ rt_rotr(a, 13) ^ rt_rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e, state[5] += f,
        state[6] += g, state[7] += h;
  }
}

#if defined(__x86_64__)
/* The CPU's own instructions: code is hashed at every load, and this is about six times as fast. */
__attribute__((target("sha,sse4.1,ssse3"))) static void
rt_sha_blocks_ni(uint32_t state[8], const uint8_t *data, size_t blocks) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  __m128i t = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
  __m128i s1 = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
  __m128i s0 = _mm_alignr_epi8(t, s1, 8);
  s1 = _mm_blend_epi16(s1, t, 0xf0);
  for (; blocks; --blocks, data += 64) {
    __m128i save0 = s0, save1 = s1, w[4];
    for (int i = 0; i < 4; ++i)
      w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(data + 16 * i)), swap);
    for (int i = 0; i < 16; ++i) {
      __m128i now = w[i & 3];
      __m128i k = _mm_add_epi32(now, _mm_load_si128((const __m128i *)(rt_sha_k + 4 * i)));
      s1 = _mm_sha256rnds2_epu32(s1, s0, k);
      s0 = _mm_sha256rnds2_epu32(s0, s1, _mm_shuffle_epi32(k, 0x0e));
      /* w[i] has been used: it becomes w[i + 4]. */
      __m128i next = _mm_sha256msg1_epu32(now, w[(i + 1) & 3]);
      next = _mm_add_epi32(next, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
      w[i & 3] = _mm_sha256msg2_epu32(next, w[(i + 3) & 3]);
    }
    s0 = _mm_add_epi32(s0, save0);
    s1 = _mm_add_epi32(s1, save1);
  }
  t = _mm_shuffle_epi32(s0, 0x1b);
  s1 = _mm_shuffle_epi32(s1, 0xb1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(t, s1, 0xf0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(s1, t, 8));
}
#endif

static void rt_sha_blocks(uint32_t state[8], const uint8_t *data, size_t blocks) {
#if defined(__x86_64__)
  const uint64_t need = MLOPT_CPU_SHA | MLOPT_CPU_SSE4_1 | MLOPT_CPU_SSSE3;
  if ((mlopt_rt_cpu_features() & need) == need) {
    rt_sha_blocks_ni(state, data, blocks);
    return;
  }
#endif
  rt_sha_blocks_plain(state, data, blocks);
}

RT_INTERNAL void rt_sha256_begin(rt_sha256 *hash) {
  static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(hash->state, initial, sizeof(initial));
  hash->bytes = 0;
}

RT_INTERNAL void rt_sha256_add(rt_sha256 *hash, const void *data, size_t bytes) {
  const uint8_t *p = data;
  size_t held = hash->bytes & 63;
  hash->bytes += bytes;
  if (held) {
    size_t take = 64 - held < bytes ? 64 - held : bytes;
    memcpy(hash->block + held, p, take);
    p += take, bytes -= take;
    if (held + take < 64)
      return;
    rt_sha_blocks(hash->state, hash->block, 1);
  }
  rt_sha_blocks(hash->state, p, bytes / 64);
  if (bytes & 63)
    memcpy(hash->block, p + (bytes & ~(size_t)63), bytes & 63);
}

RT_INTERNAL void rt_sha256_end(rt_sha256 *hash, uint8_t digest[32]) {
  uint64_t bits = hash->bytes * 8;
  size_t held = hash->bytes & 63;
  hash->block[held++] = 0x80;
  if (held > 56) {
    memset(hash->block + held, 0, 64 - held);
    rt_sha_blocks(hash->state, hash->block, 1);
    held = 0;
  }
  memset(hash->block + held, 0, 56 - held);
  for (int i = 0; i < 8; ++i)
    hash->block[56 + i] = (uint8_t)(bits >> (56 - 8 * i));
  rt_sha_blocks(hash->state, hash->block, 1);
  for (int i = 0; i < 32; ++i)
    digest[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i & 3)));
}

RT_INTERNAL bool rt_sha256_matches(const void *data, size_t bytes, const uint8_t digest[32]) {
  rt_sha256 hash;
  uint8_t found[32];
  rt_sha256_begin(&hash);
  rt_sha256_add(&hash, data, bytes);
  rt_sha256_end(&hash, found);
  return memcmp(found, digest, 32) == 0;
}
