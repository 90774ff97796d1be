/*===-- graph.h - CUDA graphs of a context ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

/* A graph holds the launches for one set of sizes: kernel nodes with their grids and parameters,
 * edges as the table says (`after`), so that launches that do not depend on each other may run at
 * the same time. The graphs of the last few sets are kept. What changes between runs of a set, the
 * pointers of the caller, is written into the nodes that have them.
 *
 * Building one costs much more than one run by launches. So a set gets its graph when it comes for
 * the second time among the last RT_GRAPH_SETS; the only set of an entry point with fixed sizes
 * gets it at once. A stream of ever new sizes builds none. */

#ifndef MLOPT_RUNTIME_CUDA_GRAPH_H
#define MLOPT_RUNTIME_CUDA_GRAPH_H

#include "driver.h"

enum {
  RT_GRAPH_SETS = 16,   /**< sets of sizes that a context remembers */
  RT_GRAPH_NODES = 4096 /**< nodes of a graph at most; a longer run is launched on the stream */
};

typedef struct rt_gpu_context rt_gpu_context;

/** A node that has a pointer of the caller. */
typedef struct rt_graph_node {
  rt_cu_node node;
  uint32_t index; /**< in the table of nodes */
  uint32_t step;
  int64_t turn;
} rt_graph_node;

typedef struct rt_graph {
  bool used;               /**< the set of sizes is valid */
  uint64_t last;           /**< number of the last run that had it */
  int64_t *symbols;        /**< one per symbol */
  bool too_long;           /**< never becomes a graph */
  rt_cu_graph graph;       /**< null: not built */
  rt_cu_exec exec;         /**< null: not built */
  rt_cu_pointer *pointers; /**< in the nodes now: inputs, outputs */
  rt_graph_node *nodes;
  uint32_t node_count, node_room;
} rt_graph;

typedef struct rt_graph_cache {
  uint64_t runs;
  rt_graph sets[RT_GRAPH_SETS];
} rt_graph_cache;

/** Runs by a graph if these sizes have one, or now get one: `*launched` says so. Otherwise launch
 * them on the stream. */
RT_INTERNAL mlopt_rt_status_t rt_graph_run(mlopt_rt_context_t *c, bool *launched);
/** Forgets all graphs: the arena has moved. */
RT_INTERNAL void rt_graph_clear(rt_gpu_context *g);
/** Frees the cache; no work may be on the stream. */
RT_INTERNAL void rt_graph_release(rt_gpu_context *g);

#endif /* MLOPT_RUNTIME_CUDA_GRAPH_H */
