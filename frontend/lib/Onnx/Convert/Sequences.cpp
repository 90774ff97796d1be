//===- Sequences.cpp - ONNX sequences of known length ---------------------===//
//
// Exporters cut a tensor into a sequence and take its elements by number. mlopt
// has no sequences when a model runs: a sequence whose length and indices are
// known here is a list of tensors, and only those are left (Node::makeSequence).
//
//===----------------------------------------------------------------------===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// More tensors than any exporter cuts one into; each becomes operations of its own.
constexpr int64_t maxLength = 4096;

/// Operand i as a sequence; none after a diagnostic.
std::optional<SmallVector<Value>> getSequence(Node &n, unsigned i) {
  auto tensors = n.sequenceInput(i);
  if (!tensors)
    (void)n.malformed("operand " + Twine(i) + " is no sequence");
  return tensors;
}

/// The index in operand i, brought into [0, length), or [0, length] with `atEnd`; none after a
/// diagnostic.
std::optional<int64_t> getIndex(Node &n, unsigned i, int64_t length, bool atEnd = false) {
  auto values = n.constantInts(i);
  if (!values || values->size() != 1) {
    (void)n.unsupported("an index into a sequence that is known only at run time");
    return std::nullopt;
  }
  int64_t index = values->front(), last = atEnd ? length : length - 1;
  if (index < -length || index > last) {
    (void)n.malformed("the index is " + Twine(index) + ", the sequence has " + Twine(length) +
                      " elements");
    return std::nullopt;
  }
  return index < 0 ? index + length : index;
}

LogicalResult sequenceEmpty(Node &n) { return n.finish(n.makeSequence({})); }

LogicalResult sequenceConstruct(Node &n) {
  SmallVector<Value> tensors;
  for (unsigned i = 0; i < n.getNumOperands(); ++i)
    tensors.push_back(n.input(i));
  return n.finish(n.makeSequence(tensors));
}

LogicalResult sequenceAt(Node &n) {
  auto tensors = getSequence(n, 0);
  if (!tensors)
    return failure();
  auto index = getIndex(n, 1, tensors->size());
  return index ? n.finish((*tensors)[*index]) : failure();
}

LogicalResult sequenceLength(Node &n) {
  auto tensors = getSequence(n, 0);
  if (!tensors)
    return failure();
  return n.finish(n.scalarInt(n.getBuilder().getI64Type(), tensors->size()));
}

LogicalResult sequenceInsert(Node &n) {
  auto tensors = getSequence(n, 0);
  Value tensor = n.input(1);
  if (!tensors || !tensor)
    return failure();
  int64_t length = tensors->size();
  auto index = n.has(2) ? getIndex(n, 2, length, /*atEnd=*/true) : std::optional(length);
  if (!index)
    return failure();
  tensors->insert(tensors->begin() + *index, tensor);
  return n.finish(n.makeSequence(*tensors));
}

LogicalResult sequenceErase(Node &n) {
  auto tensors = getSequence(n, 0);
  if (!tensors)
    return failure();
  int64_t length = tensors->size();
  if (length == 0)
    return n.malformed("the sequence is empty");
  auto index = n.has(1) ? getIndex(n, 1, length) : std::optional(length - 1);
  if (!index)
    return failure();
  tensors->erase(tensors->begin() + *index);
  return n.finish(n.makeSequence(*tensors));
}

LogicalResult splitToSequence(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto axis = n.normalizeAxis(n.intAttr("axis", 0), n.rankOf(x));
  if (!axis)
    return failure();
  SmallVector<SymExpr> parts;
  bool isGiven = n.has(1);
  if (isGiven && !n.input(1))
    return failure();
  if (isGiven && n.rankOf(n.input(1)) == 1) {
    auto sizes = n.sizesInput(1);
    if (!sizes)
      return n.unsupported("split sizes that are computed from data");
    parts.assign(sizes->begin(), sizes->end());
  } else {
    // Parts of one size, but for the last one.
    auto size = isGiven ? n.constantInts(1) : SmallVector<int64_t>{1};
    if (!size || size->size() != 1)
      return n.unsupported("a split size that is known only at run time");
    int64_t part = size->front();
    if (part < 1)
      return n.malformed("the split size is " + Twine(part) + ", expected at least 1");
    auto length = n.dimOf(x, *axis).getConstant();
    if (!length)
      return n.unsupported("a sequence whose length is known only at run time");
    if (*length / part >= maxLength)
      return n.unsupported("a sequence of more than " + Twine(maxLength) + " tensors");
    for (int64_t start = 0; start < *length; start += part)
      parts.push_back(n.size(std::min(part, *length - start)));
  }
  auto tensors = splitAlong(n, x, *axis, parts);
  if (!tensors)
    return failure();
  if (!isGiven && !n.boolAttr("keepdims", true))
    for (Value &tensor : *tensors)
      tensor = n.squeeze(tensor, *axis);
  return n.finish(n.makeSequence(*tensors));
}

LogicalResult concatFromSequence(Node &n) {
  auto tensors = getSequence(n, 0);
  if (!tensors)
    return failure();
  if (tensors->empty())
    return n.unsupported("an empty sequence");
  bool isNew = n.boolAttr("new_axis", false);
  int64_t rank = n.rankOf(tensors->front());
  if (!n.optIntAttr("axis"))
    return n.malformed("the attribute axis is missing");
  auto axis = n.normalizeAxis(n.intAttr("axis", 0), isNew ? rank + 1 : rank);
  if (!axis)
    return failure();
  for (Value &tensor : *tensors) {
    if (n.rankOf(tensor) != rank)
      return n.malformed("the sequence has tensors of rank " + Twine(rank) + " and " +
                         Twine(n.rankOf(tensor)));
    if (isNew)
      tensor = n.unsqueeze(tensor, *axis);
  }
  return n.finish(n.concat(*tensors, *axis));
}

const Entry entries[] = {
    {"ConcatFromSequence", 11, concatFromSequence},
    {"SequenceAt", 11, sequenceAt},
    {"SequenceConstruct", 11, sequenceConstruct},
    {"SequenceEmpty", 11, sequenceEmpty},
    {"SequenceErase", 11, sequenceErase},
    {"SequenceInsert", 11, sequenceInsert},
    {"SequenceLength", 11, sequenceLength},
    {"SplitToSequence", 11, splitToSequence},
};

} // namespace

ArrayRef<Entry> getSequenceEntries() { return entries; }

} // namespace mlopt::onnx
