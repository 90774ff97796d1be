// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4,x86-64-v3+vnni,x86-64-v4+vnni --show-schedule | FileCheck %s --implicit-check-not=generic
// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4,x86-64-v3+vnni,x86-64-v4+vnni --hot-block --max-threads=1 | FileCheck %s --check-prefix=CODE --implicit-check-not=FAILED
// RUN: mlopt-kernel-test %s --cpu=x86-64-v3+vnni,x86-64-v4+vnni --kernel=wide --emit-asm | FileCheck %s --check-prefix=VNNI --implicit-check-not=pmadd
// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --emit-asm | FileCheck %s --check-prefix=EXACT --implicit-check-not=pmaddubsw
//
// Tiles of convolutions of bytes, the form that each level takes, and innermost loops that keep
// their sums in registers. Nothing saturates sums of 16 bits.

// VNNI: vpdpbusd
// EXACT: pmaddwd

// CHECK: wide x86-64-v2: {{.*}}columns = 4 : i64, form = "blocked", lanes = 4 : i64, vectors = 2 : i64
// CHECK: wide x86-64-v3: {{.*}}columns = 4 : i64, form = "blocked", lanes = 8 : i64, vectors = 2 : i64
// CHECK: wide x86-64-v4: {{.*}}columns = 12 : i64, form = "blocked", lanes = 16 : i64, vectors = 2 : i64
// CHECK: wide x86-64-v3+vnni: {{.*}}columns = 6 : i64, form = "blocked", lanes = 8 : i64, vectors = 2 : i64
// CHECK: wide x86-64-v4+vnni: {{.*}}columns = 14 : i64, form = "blocked", lanes = 16 : i64, vectors = 2 : i64
// CODE: wide x86-64-v2: hottest block: {{.*}} 0 stack, 16 byte dots
// CODE: wide x86-64-v3: hottest block: {{.*}} 0 stack, 16 byte dots
// CODE: wide x86-64-v4: hottest block: {{.*}} 0 stack, 40 byte dots
// CODE: wide x86-64-v3+vnni: hottest block: {{.*}} 0 stack, 12 byte dots
// CODE: wide x86-64-v4+vnni: hottest block: {{.*}} 0 stack, 28 byte dots
mlopt.kernel @wide(%x: tensor<1x64x6x28xui8> {mlopt.range = [0,256]}, %f: tensor<64x64x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x64x6x28xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 6, 28], [64, 64, 3, 3], [1, 64, 6, 28]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<128> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x64x6x28xui8>, tensor<64x64x3x3xi8>, tensor<ui8>, none) -> tensor<1x64x6x28xi32>
  mlopt.yield %0 : tensor<1x64x6x28xi32>
}

// CHECK: stem x86-64-v2: {{.*}}columns = 4 : i64, form = "stem", lanes = 4 : i64, vectors = 2 : i64
// CHECK: stem x86-64-v3: {{.*}}columns = 4 : i64, form = "stem", lanes = 8 : i64, vectors = 2 : i64
// CHECK: stem x86-64-v4: {{.*}}columns = 12 : i64, form = "stem", lanes = 16 : i64, vectors = 2 : i64
// CHECK: stem x86-64-v3+vnni: {{.*}}columns = 6 : i64, form = "stem", lanes = 8 : i64, vectors = 2 : i64
// CHECK: stem x86-64-v4+vnni: {{.*}}columns = 14 : i64, form = "stem", lanes = 16 : i64, vectors = 2 : i64
// CODE: stem x86-64-v2: hottest block: {{.*}} 0 stack, 16 byte dots
// CODE: stem x86-64-v3: hottest block: {{.*}} 0 stack, 16 byte dots
// CODE: stem x86-64-v4: hottest block: {{.*}} 0 stack, 28 byte dots
// CODE: stem x86-64-v3+vnni: hottest block: {{.*}} 0 stack, 10 byte dots
// CODE: stem x86-64-v4+vnni: hottest block: {{.*}} 0 stack, 28 byte dots
mlopt.kernel @stem(%x: tensor<1x3x20x28xui8> {mlopt.range = [0,256]}, %f: tensor<64x3x7x7xi8> {mlopt.range = [-128,128]}) -> tensor<1x64x10x14xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 20, 28], [64, 3, 7, 7], [1, 64, 10, 14]], layouts = [#mlopt.layout<"nc2d4c", [0, 1, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 1, 1, 4]>, #mlopt.layout<"bytes32o4i", [0, 32, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32, 1, 1, 4]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<7> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 2, 2>, pads_begin = array<i64: 3, 3>, pads_end = array<i64: 3, 3>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x20x28xui8>, tensor<64x3x7x7xi8>, tensor<ui8>, none) -> tensor<1x64x10x14xi32>
  mlopt.yield %0 : tensor<1x64x10x14xi32>
}

// CHECK: depthwise x86-64-v2: {{.*}}columns = 7 : i64, form = "depthwise-floats", lanes = 4 : i64, vectors = 1 : i64
// CHECK: depthwise x86-64-v3: {{.*}}columns = 7 : i64, form = "depthwise-floats", lanes = 8 : i64, vectors = 1 : i64
// CHECK: depthwise x86-64-v4: {{.*}}columns = 14 : i64, form = "depthwise-floats", lanes = 16 : i64, vectors = 1 : i64
// CHECK: depthwise x86-64-v3+vnni: {{.*}}columns = 7 : i64, form = "depthwise-floats", lanes = 8 : i64, vectors = 1 : i64
// CHECK: depthwise x86-64-v4+vnni: {{.*}}columns = 14 : i64, form = "depthwise-floats", lanes = 16 : i64, vectors = 1 : i64
// CODE: depthwise x86-64-v2: hottest block: {{.*}}21 mul, {{.*}} 0 stack
// CODE: depthwise x86-64-v3: hottest block: {{.*}}21 fma, {{.*}} 0 stack
// CODE: depthwise x86-64-v4: hottest block: {{.*}}fma, {{.*}} 0 stack
// CODE: depthwise x86-64-v3+vnni: hottest block: {{.*}}21 fma, {{.*}} 0 stack
// CODE: depthwise x86-64-v4+vnni: hottest block: {{.*}}fma, {{.*}} 0 stack
mlopt.kernel @depthwise(%x: tensor<1x32x6x28xui8> {mlopt.range = [0,256]}, %f: tensor<32x1x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x32x6x28xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 6, 28], [32, 1, 3, 3], [1, 32, 6, 28]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x6x28xui8>, tensor<32x1x3x3xi8>, none, none) -> tensor<1x32x6x28xi32>
  mlopt.yield %0 : tensor<1x32x6x28xi32>
}

// CHECK: dilated x86-64-v2: {{.*}}columns = 7 : i64, form = "depthwise-floats", lanes = 4 : i64, vectors = 1 : i64
// CHECK: dilated x86-64-v3: {{.*}}columns = 7 : i64, form = "depthwise-floats", lanes = 8 : i64, vectors = 1 : i64
// CHECK: dilated x86-64-v4: {{.*}}columns = 14 : i64, form = "depthwise-floats", lanes = 16 : i64, vectors = 1 : i64
// CHECK: dilated x86-64-v3+vnni: {{.*}}columns = 7 : i64, form = "depthwise-floats", lanes = 8 : i64, vectors = 1 : i64
// CHECK: dilated x86-64-v4+vnni: {{.*}}columns = 14 : i64, form = "depthwise-floats", lanes = 16 : i64, vectors = 1 : i64
// CODE: dilated x86-64-v2: hottest block: {{.*}}21 mul, {{.*}} 0 stack
// CODE: dilated x86-64-v3: hottest block: {{.*}}21 fma, {{.*}} 0 stack
// CODE: dilated x86-64-v4: hottest block: {{.*}}fma, {{.*}} 0 stack
// CODE: dilated x86-64-v3+vnni: hottest block: {{.*}}21 fma, {{.*}} 0 stack
// CODE: dilated x86-64-v4+vnni: hottest block: {{.*}}fma, {{.*}} 0 stack
mlopt.kernel @dilated(%x: tensor<1x32x6x28xui8> {mlopt.range = [0,256]}, %f: tensor<32x1x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x32x6x28xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 6, 28], [32, 1, 3, 3], [1, 32, 6, 28]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, dilations = array<i64: 2, 2>, groups = 32 : i64} : (tensor<1x32x6x28xui8>, tensor<32x1x3x3xi8>, none, none) -> tensor<1x32x6x28xi32>
  mlopt.yield %0 : tensor<1x32x6x28xi32>
}

// CHECK: words x86-64-v2: {{.*}}columns = 7 : i64, form = "depthwise-words", lanes = 4 : i64, vectors = 1 : i64
// CHECK: words x86-64-v3: {{.*}}columns = 7 : i64, form = "depthwise-words", lanes = 8 : i64, vectors = 1 : i64
// CHECK: words x86-64-v4: {{.*}}columns = 14 : i64, form = "depthwise-words", lanes = 16 : i64, vectors = 1 : i64
// CHECK: words x86-64-v3+vnni: {{.*}}columns = 7 : i64, form = "depthwise-words", lanes = 8 : i64, vectors = 1 : i64
// CHECK: words x86-64-v4+vnni: {{.*}}columns = 14 : i64, form = "depthwise-words", lanes = 16 : i64, vectors = 1 : i64
mlopt.kernel @words(%x: tensor<1x16x3x27xui8> {mlopt.range = [0,256]}, %f: tensor<16x1x23x23xi8> {mlopt.range = [-128,128]}) -> tensor<1x16x3x27xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 16, 3, 27], [16, 1, 23, 23], [1, 16, 3, 27]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 11, 11>, pads_end = array<i64: 11, 11>, dilations = array<i64: 1, 1>, groups = 16 : i64} : (tensor<1x16x3x27xui8>, tensor<16x1x23x23xi8>, none, none) -> tensor<1x16x3x27xi32>
  mlopt.yield %0 : tensor<1x16x3x27xi32>
}
