// RUN: %mlopt-opt --mlopt-plan %s | FileCheck %s
// REQUIRES: mlopt-opt

// What a kernel needs of its sizes and nothing proved is a check of the program.

#one = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, part = [], params = {}>

mlopt.kernel @conv(%x: tensor<1x?x8x8xf32>, %w: tensor<16x16x1x1xf32>, %b: tensor<?xf32>) -> tensor<1x16x8x8xf32>
    attributes {hero = #mlopt.hero<convolution>, dims = [[1, "c", 8, 8], [16, 16, 1, 1], ["m"], [1, 16, 8, 8]], schedule = #one} {
  %0 = mlopt.conv %x, %w, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x?x8x8xf32>, tensor<16x16x1x1xf32>, tensor<?xf32>) -> tensor<1x16x8x8xf32>
  mlopt.yield %0 : tensor<1x16x8x8xf32>
}
mlopt.kernel @gather(%x: tensor<?x5xf32>, %i: tensor<?x2xi64>) -> tensor<?x2xf32>
    attributes {hero = #mlopt.hero<gather>, dims = [["n", 5], ["p", 2], ["p", 2]], schedule = #one} {
  %0 = mlopt.gather_elements %x, %i {mlopt.hero_op, axis = 1 : i64} : (tensor<?x5xf32>, tensor<?x2xi64>) -> tensor<?x2xf32>
  mlopt.yield %0 : tensor<?x2xf32>
}

// CHECK-LABEL: mlrt.program @conv_sizes
// CHECK: mlrt.check "select({{.*}})", "node 'Conv_1': channels of the input and of the filter 'k' and '16' must be equal"
// CHECK: mlrt.check "select({{.*}})", "node 'Conv_1': lengths of the bias and of the filter 'l' and '16' must be equal"
// CHECK: mlrt.check "select({{.*}})", "input 'x': the bytes of a tensor 'k * 256' must not exceed '70368744177664'"
func.func @conv_sizes(%x: tensor<1x?x8x8xf32> {mlopt.name = "x", mlopt.dims = [1, "k", 8, 8]}, %w: tensor<16x16x1x1xf32> {mlopt.name = "w"},
                %b: tensor<?xf32> {mlopt.name = "b", mlopt.dims = ["l"]}) -> tensor<1x16x8x8xf32> {
  %0 = mlopt.launch @conv(%x, %w, %b) : (tensor<1x?x8x8xf32>, tensor<16x16x1x1xf32>, tensor<?xf32>) -> tensor<1x16x8x8xf32> loc("Conv_1")
  return %0 : tensor<1x16x8x8xf32>
}

// An inequality; it holds where nothing is picked.
// CHECK-LABEL: mlrt.program @gather_sizes
// CHECK: mlrt.check "select(m < q, 0, 1)", "node 'Pick': a size of the indices 'q' must not exceed 'm'"
func.func @gather_sizes(%x: tensor<?x5xf32> {mlopt.name = "x", mlopt.dims = ["m", 5]}, %i: tensor<?x2xi64> {mlopt.name = "i", mlopt.dims = ["q", 2]}) -> tensor<?x2xf32> {
  %0 = mlopt.launch @gather(%x, %i) : (tensor<?x5xf32>, tensor<?x2xi64>) -> tensor<?x2xf32> loc("Pick")
  return %0 : tensor<?x2xf32>
}

// Sizes that are equal already, and positions that lie inside, need nothing.
// CHECK-LABEL: mlrt.program @proved
// CHECK-NOT: must not exceed 'n'
func.func @proved(%x: tensor<?x5xf32> {mlopt.name = "x", mlopt.dims = ["n", 5]}, %i: tensor<?x2xi64> {mlopt.name = "i", mlopt.dims = ["n", 2]}) -> tensor<?x2xf32> {
  %0 = mlopt.launch @gather(%x, %i) : (tensor<?x5xf32>, tensor<?x2xi64>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// Long sizes are cut off in messages, not in conditions.
// CHECK-LABEL: mlrt.program @long_names
// CHECK: mlrt.check "select(a_dimension_with_a_name_that_its_author_made_far_too_long_for_a_message_that_people_read {{.*}}", "node 'Conv_2': channels of the input and of the filter 'a_dimension_with_a_name_that_its_author_made_far_too_long_for_a_message_that_peo...' and '16' must be equal"
func.func @long_names(%x: tensor<1x?x8x8xf32> {mlopt.name = "x", mlopt.dims = [1, "a_dimension_with_a_name_that_its_author_made_far_too_long_for_a_message_that_people_read", 8, 8]}, %w: tensor<16x16x1x1xf32> {mlopt.name = "w"},
                      %b: tensor<?xf32> {mlopt.name = "b", mlopt.dims = ["l"]}) -> tensor<1x16x8x8xf32> {
  %0 = mlopt.launch @conv(%x, %w, %b) : (tensor<1x?x8x8xf32>, tensor<16x16x1x1xf32>, tensor<?xf32>) -> tensor<1x16x8x8xf32> loc("Conv_2")
  return %0 : tensor<1x16x8x8xf32>
}
