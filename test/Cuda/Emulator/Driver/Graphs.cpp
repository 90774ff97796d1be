//===- Graphs.cpp - graphs of kernels, copies and fills -------------------===//
//
// A launch runs the nodes in an order that their edges allow and that the seed chooses anew every
// time, so that an edge that is missing shows. What a launch runs is fixed when it is launched:
// changes of parameters act on later launches.
//
//===----------------------------------------------------------------------===//
#include "Call.h"
#include "Copies.h"
#include "Launches.h"

#include <algorithm>
#include <cstring>
#include <variant>

using namespace fakecuda;

namespace {
struct Empty {};
using Action = std::variant<KernelLaunch, CUDA_MEMCPY3D, CUDA_MEMSET_NODE_PARAMS, Empty>;
} // namespace

namespace fakecuda {

struct Node : Object {
  Graph *graph;
  Action action;
  std::vector<Node *> after;
  Node(Graph *graph, Action action) : Object(Kind::Node), graph(graph), action(std::move(action)) {}
};

struct Graph : Object {
  std::vector<std::unique_ptr<Node>> nodes;
  Graph() : Object(Kind::Graph) {}
};

/// A graph made ready: a copy of the nodes, which it knows by the numbers of the original ones.
struct Exec : Object {
  struct Step {
    unsigned node;
    Action action;
    std::vector<size_t> before; ///< steps that wait for this one
    unsigned waits = 0;         ///< how many steps this one waits for
  };
  std::shared_ptr<std::vector<Step>> steps = std::make_shared<std::vector<Step>>();
  Context *context;
  explicit Exec(Context *context) : Object(Kind::Exec), context(context) {}
};

} // namespace fakecuda

static Graph *findGraph(CUgraph handle) { return lookUp<Graph>(handle, Kind::Graph); }
static Node *findNode(CUgraphNode handle) { return lookUp<Node>(handle, Kind::Node); }
static Exec *findExec(CUgraphExec handle) { return lookUp<Exec>(handle, Kind::Exec); }

CUresult api::cuGraphCreate(CUgraph *graph, unsigned flags) {
  if (!graph || flags)
    return CUDA_ERROR_INVALID_VALUE;
  auto *made = new Graph;
  note(made->name());
  *graph = toHandle<CUgraph>(made);
  return CUDA_SUCCESS;
}

CUresult api::cuGraphDestroy(CUgraph handle) {
  Graph *graph = findGraph(handle);
  if (!graph)
    return CUDA_ERROR_INVALID_VALUE;
  delete graph;
  return CUDA_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

static CUresult add(CUgraphNode *node, CUgraph handle, const CUgraphNode *after, size_t count,
                    Action action) {
  Graph *graph = findGraph(handle);
  if (!graph || !node || (count && !after))
    return CUDA_ERROR_INVALID_VALUE;
  auto made = std::make_unique<Node>(graph, std::move(action));
  for (size_t i = 0; i < count; ++i) {
    Node *dependency = findNode(after[i]);
    bool twice = std::count(made->after.begin(), made->after.end(), dependency);
    if (!dependency || dependency->graph != graph || twice)
      return CUDA_ERROR_INVALID_VALUE;
    made->after.push_back(dependency);
  }
  note(made->name());
  *node = toHandle<CUgraphNode>(made.get());
  graph->nodes.push_back(std::move(made));
  return CUDA_SUCCESS;
}

static CUresult kernelAction(const CUDA_KERNEL_NODE_PARAMS_v2 *parameters, KernelLaunch &launch) {
  if (!parameters)
    return CUDA_ERROR_INVALID_VALUE;
  CUfunction function = parameters->func;
  if (!function) // the newer way to name it; findFunction takes both
    function = reinterpret_cast<CUfunction>(parameters->kern);
  CUresult result = prepareLaunch(
      launch, function, {parameters->gridDimX, parameters->gridDimY, parameters->gridDimZ},
      {parameters->blockDimX, parameters->blockDimY, parameters->blockDimZ},
      parameters->sharedMemBytes, parameters->kernelParams, parameters->extra);
  return result == CUDA_ERROR_INVALID_HANDLE ? CUDA_ERROR_INVALID_VALUE : result;
}

CUresult api::cuGraphAddKernelNode_v2(CUgraphNode *node, CUgraph graph, const CUgraphNode *after,
                                      size_t count, const CUDA_KERNEL_NODE_PARAMS_v2 *parameters) {
  KernelLaunch launch;
  if (CUresult result = kernelAction(parameters, launch))
    return result;
  return add(node, graph, after, count, std::move(launch));
}

CUresult api::cuGraphAddMemcpyNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *after,
                                   size_t count, const CUDA_MEMCPY3D *parameters,
                                   CUcontext context) {
  if (!parameters || !findContext(context))
    return parameters ? CUDA_ERROR_INVALID_CONTEXT : CUDA_ERROR_INVALID_VALUE;
  if (CUresult result = checkCopy(*parameters))
    return result;
  return add(node, graph, after, count, *parameters);
}

CUresult api::cuGraphAddMemsetNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *after,
                                   size_t count, const CUDA_MEMSET_NODE_PARAMS *parameters,
                                   CUcontext context) {
  if (!parameters || !findContext(context))
    return parameters ? CUDA_ERROR_INVALID_CONTEXT : CUDA_ERROR_INVALID_VALUE;
  if (CUresult result = checkFill(*parameters))
    return result;
  return add(node, graph, after, count, *parameters);
}

CUresult api::cuGraphAddEmptyNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *after,
                                  size_t count) {
  return add(node, graph, after, count, Empty());
}

CUresult api::cuGraphAddDependencies(CUgraph handle, const CUgraphNode *from, const CUgraphNode *to,
                                     size_t count) {
  Graph *graph = findGraph(handle);
  if (!graph || (count && (!from || !to)))
    return CUDA_ERROR_INVALID_VALUE;
  for (size_t i = 0; i < count; ++i) {
    Node *first = findNode(from[i]), *second = findNode(to[i]);
    if (!first || !second || first == second || first->graph != graph || second->graph != graph ||
        std::count(second->after.begin(), second->after.end(), first))
      return CUDA_ERROR_INVALID_VALUE;
    second->after.push_back(first);
  }
  return CUDA_SUCCESS;
}

CUresult api::cuGraphAddDependencies_v2(CUgraph graph, const CUgraphNode *from,
                                        const CUgraphNode *to, const CUgraphEdgeData *data,
                                        size_t count) {
  // A programmatic edge lets the second kernel begin early; here it means an ordinary one.
  for (size_t i = 0; data && i < count; ++i)
    if (data[i].type > CU_GRAPH_DEPENDENCY_TYPE_PROGRAMMATIC)
      return CUDA_ERROR_INVALID_VALUE;
  return api::cuGraphAddDependencies(graph, from, to, count);
}

CUresult api::cuGraphGetNodes(CUgraph handle, CUgraphNode *nodes, size_t *count) {
  Graph *graph = findGraph(handle);
  if (!graph || !count)
    return CUDA_ERROR_INVALID_VALUE;
  if (nodes)
    for (size_t i = 0; i < *count; ++i)
      nodes[i] = i < graph->nodes.size() ? toHandle<CUgraphNode>(graph->nodes[i].get()) : nullptr;
  *count = nodes ? std::min(*count, graph->nodes.size()) : graph->nodes.size();
  return CUDA_SUCCESS;
}

CUresult api::cuGraphNodeGetType(CUgraphNode handle, CUgraphNodeType *type) {
  Node *node = findNode(handle);
  if (!node || !type)
    return CUDA_ERROR_INVALID_VALUE;
  static const CUgraphNodeType types[] = {CU_GRAPH_NODE_TYPE_KERNEL, CU_GRAPH_NODE_TYPE_MEMCPY,
                                          CU_GRAPH_NODE_TYPE_MEMSET, CU_GRAPH_NODE_TYPE_EMPTY};
  *type = types[node->action.index()];
  return CUDA_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Instantiation
//===----------------------------------------------------------------------===//

/// Steps in an order that their edges allow, chosen by `random`; fewer than all when there is a
/// cycle.
static std::vector<size_t> anOrder(const std::vector<Exec::Step> &steps, std::mt19937_64 &random) {
  std::vector<unsigned> waits;
  std::vector<size_t> ready, order;
  for (size_t i = 0; i < steps.size(); ++i) {
    waits.push_back(steps[i].waits);
    if (!steps[i].waits)
      ready.push_back(i);
  }
  while (!ready.empty()) {
    size_t choice = random() % ready.size();
    size_t step = ready[choice];
    ready[choice] = ready.back();
    ready.pop_back();
    order.push_back(step);
    for (size_t next : steps[step].before)
      if (!--waits[next])
        ready.push_back(next);
  }
  return order;
}

static CUresult instantiate(CUgraphExec *exec, CUgraph handle, uint64_t flags,
                            CUgraphInstantiateResult &what) {
  Graph *graph = findGraph(handle);
  what = CUDA_GRAPH_INSTANTIATE_ERROR;
  if (!graph || !exec || flags & ~uint64_t(15))
    return CUDA_ERROR_INVALID_VALUE;
  if (flags & CUDA_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH) {
    complain("graphs that a kernel launches are not emulated");
    return CUDA_ERROR_NOT_SUPPORTED;
  }
  auto made = std::make_unique<Exec>(currentContext());
  std::map<const Node *, size_t> indices;
  for (auto &node : graph->nodes) {
    indices[node.get()] = made->steps->size();
    made->steps->push_back({node->number, node->action, {}, 0});
  }
  for (auto &node : graph->nodes)
    for (const Node *dependency : node->after) {
      (*made->steps)[indices[dependency]].before.push_back(indices[node.get()]);
      ++(*made->steps)[indices[node.get()]].waits;
    }
  std::mt19937_64 any;
  if (anOrder(*made->steps, any).size() != made->steps->size()) {
    complain("the graph has a cycle");
    what = CUDA_GRAPH_INSTANTIATE_INVALID_STRUCTURE;
    return CUDA_ERROR_INVALID_VALUE;
  }
  what = CUDA_GRAPH_INSTANTIATE_SUCCESS;
  note(made->name());
  *exec = toHandle<CUgraphExec>(made.release());
  return CUDA_SUCCESS;
}

CUresult api::cuGraphInstantiate_v2(CUgraphExec *exec, CUgraph graph, CUgraphNode *errorNode,
                                    char *log, size_t logBytes) {
  CUgraphInstantiateResult what;
  if (errorNode)
    *errorNode = nullptr;
  if (log && logBytes)
    *log = 0;
  return instantiate(exec, graph, 0, what);
}

CUresult api::cuGraphInstantiateWithFlags(CUgraphExec *exec, CUgraph graph,
                                          unsigned long long flags) {
  CUgraphInstantiateResult what;
  return instantiate(exec, graph, flags, what);
}

CUresult api::cuGraphInstantiateWithParams(CUgraphExec *exec, CUgraph graph,
                                           CUDA_GRAPH_INSTANTIATE_PARAMS *parameters) {
  if (!parameters)
    return CUDA_ERROR_INVALID_VALUE;
  parameters->hErrNode_out = nullptr;
  return instantiate(exec, graph, parameters->flags, parameters->result_out);
}

CUresult api::cuGraphExecDestroy(CUgraphExec handle) {
  Exec *exec = findExec(handle);
  if (!exec)
    return CUDA_ERROR_INVALID_VALUE;
  delete exec;
  return CUDA_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Launch and update
//===----------------------------------------------------------------------===//

static CUresult perform(const Action &action) {
  if (auto *launch = std::get_if<KernelLaunch>(&action))
    return performLaunch(*launch);
  if (auto *copy = std::get_if<CUDA_MEMCPY3D>(&action))
    return performCopy(*copy);
  if (auto *fill = std::get_if<CUDA_MEMSET_NODE_PARAMS>(&action))
    return performFill(*fill);
  return CUDA_SUCCESS;
}

CUresult api::cuGraphUpload(CUgraphExec exec, CUstream stream) {
  return findExec(exec) && findStream(stream) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult api::cuGraphLaunch(CUgraphExec handle, CUstream streamHandle) {
  Exec *exec = findExec(handle);
  Stream *stream = findStream(streamHandle);
  if (!exec || !stream)
    return exec ? CUDA_ERROR_INVALID_HANDLE : CUDA_ERROR_INVALID_VALUE;
  for (const Exec::Step &step : *exec->steps)
    if (auto *launch = std::get_if<KernelLaunch>(&step.action); launch && !launch->isAlive()) {
      complain("the graph launches a kernel whose module was unloaded");
      return CUDA_ERROR_INVALID_HANDLE;
    }
  std::vector<size_t> order = anOrder(*exec->steps, State::get().random);
  note(exec->name() + " with " + std::to_string(order.size()) + " nodes");
  return enqueue(*stream, [steps = exec->steps, order] {
    for (size_t step : order)
      if (CUresult result = perform((*steps)[step].action))
        return result;
    return CUDA_SUCCESS;
  });
}

/// The action of a node, for a change; null when exec or node is not alive, the node is not of the
/// graph, or of another kind.
template <typename T> static T *change(CUgraphExec handle, CUgraphNode nodeHandle) {
  Exec *exec = findExec(handle);
  Node *node = findNode(nodeHandle);
  if (!exec || !node)
    return nullptr;
  // A launch that has not run yet keeps what it was launched with.
  if (exec->steps.use_count() > 1)
    exec->steps = std::make_shared<std::vector<Exec::Step>>(*exec->steps);
  for (Exec::Step &step : *exec->steps)
    if (step.node == node->number)
      return std::get_if<T>(&step.action);
  return nullptr;
}

CUresult api::cuGraphExecKernelNodeSetParams_v2(CUgraphExec exec, CUgraphNode node,
                                                const CUDA_KERNEL_NODE_PARAMS_v2 *parameters) {
  auto *old = change<KernelLaunch>(exec, node);
  KernelLaunch launch;
  if (!old)
    return CUDA_ERROR_INVALID_VALUE;
  if (CUresult result = kernelAction(parameters, launch))
    return result;
  // The owning context of the function cannot change.
  if (old->isAlive() && old->function->module->context != launch.function->module->context)
    return CUDA_ERROR_INVALID_VALUE;
  *old = std::move(launch);
  return CUDA_SUCCESS;
}

CUresult api::cuGraphExecMemcpyNodeSetParams(CUgraphExec exec, CUgraphNode node,
                                             const CUDA_MEMCPY3D *parameters, CUcontext context) {
  auto *old = change<CUDA_MEMCPY3D>(exec, node);
  if (!old || !parameters || !findContext(context))
    return CUDA_ERROR_INVALID_VALUE;
  // Both must be one-dimensional, and the kinds of memory must stay.
  bool linear =
      old->Height == 1 && old->Depth == 1 && parameters->Height == 1 && parameters->Depth == 1;
  if (!linear || old->srcMemoryType != parameters->srcMemoryType ||
      old->dstMemoryType != parameters->dstMemoryType)
    return CUDA_ERROR_INVALID_VALUE;
  if (CUresult result = checkCopy(*parameters))
    return result;
  *old = *parameters;
  return CUDA_SUCCESS;
}

CUresult api::cuGraphExecMemsetNodeSetParams(CUgraphExec exec, CUgraphNode node,
                                             const CUDA_MEMSET_NODE_PARAMS *parameters,
                                             CUcontext context) {
  auto *old = change<CUDA_MEMSET_NODE_PARAMS>(exec, node);
  if (!old || !parameters || !findContext(context) || old->height != 1 || parameters->height != 1)
    return CUDA_ERROR_INVALID_VALUE;
  if (CUresult result = checkFill(*parameters))
    return result;
  *old = *parameters;
  return CUDA_SUCCESS;
}
