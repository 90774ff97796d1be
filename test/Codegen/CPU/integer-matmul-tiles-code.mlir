// RUN: mlopt-kernel-test %s --cpu=sapphirerapids --emit-asm --kernel=whole | FileCheck %s --check-prefix=WHOLE --implicit-check-not=sttilecfg
// RUN: mlopt-kernel-test %s --cpu=sapphirerapids --emit-asm --kernel=whole | grep -c tileloadd | grep -x 7
// RUN: mlopt-kernel-test %s --cpu=sapphirerapids --emit-asm --kernel=whole | grep -c tilestored | grep -x 6
// RUN: mlopt-kernel-test %s --cpu=sapphirerapids --emit-asm --kernel=whole | grep -c tilerelease | grep -x 1
// RUN: mlopt-kernel-test %s --cpu=sapphirerapids --emit-asm --kernel=end | FileCheck %s --check-prefix=END
// RUN: mlopt-kernel-test %s --cpu=sapphirerapids --emit-asm --kernel=vectors | FileCheck %s --check-prefix=VECTORS --implicit-check-not=tilezero --implicit-check-not=tdpbusd --implicit-check-not=ldtilecfg
// RUN: mlopt-kernel-test %s --cpu=sapphirerapids+emulated-tiles --emit-asm --kernel=whole | FileCheck %s --check-prefix=LOOPS --implicit-check-not=tilezero --implicit-check-not=tdpbusd --implicit-check-not=ldtilecfg
//
// The code for tile registers: four sums that stay there, four loads for four products, nothing else in the loop;
// configured at the kernel's begin and released at its end.

// Of 32 rows and, for the last ones, of 16: (2 + 2) and (1 + 2) loads, 4 and 2 stores.
// WHOLE-LABEL: {{^}}whole.tiles2.{{[0-9]+}}:
// WHOLE: tilezero %tmm0
// WHOLE: tilezero %tmm1
// WHOLE: tilezero %tmm2
// WHOLE: tilezero %tmm3
// WHOLE: tileloadd {{.*}}, %tmm6
// WHOLE: tileloadd {{.*}}, %tmm4
// WHOLE: tileloadd {{.*}}, %tmm7
// WHOLE: tileloadd {{.*}}, %tmm5
// WHOLE-NOT: {{call|xmm|ymm|zmm}}
// WHOLE: tdpbusd %tmm6, %tmm4, %tmm0
// WHOLE-NEXT: tdpbusd %tmm7, %tmm4, %tmm1
// WHOLE-NEXT: tdpbusd %tmm6, %tmm5, %tmm2
// WHOLE-NEXT: tdpbusd %tmm7, %tmm5, %tmm3
// WHOLE-NOT: {{call|xmm|ymm|zmm}}
// WHOLE: {{j[a-z]+}} .LBB
// WHOLE-COUNT-4: tilestored
// WHOLE-NOT: tile
// WHOLE: ret
// WHOLE-LABEL: {{^}}whole:
// WHOLE: ldtilecfg
// WHOLE: {{jmp|call}}{{.*}}whole.tiles2
// WHOLE: tilerelease
// WHOLE-NOT: tile{{[lsz]}}
// WHOLE: ret
// LOOPS: {{^}}whole:
mlopt.kernel @whole(%a: tensor<100x192xui8>, %b: tensor<192x64xi8>, %scale: tensor<64xf32>) -> tensor<100x64xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[100, 192], [192, 64], [64], [100, 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<100x192xui8>, tensor<192x64xi8>, none, none) -> tensor<100x64xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<100x64xi32>) -> tensor<100x64xf32>
  %s = mlopt.mul %f, %scale : (tensor<100x64xf32>, tensor<64xf32>) -> tensor<100x64xf32>
  mlopt.yield %s : tensor<100x64xf32>
}

// 70 = 64 + 6 bytes along k: the last ones are copied, masked, once for all products with them.
// END-LABEL: {{^}}end.tiles2.{{[0-9]+}}:
// END-COUNT-4: tdpbusd
// END: vmovdqu8 {{.*}} {%k{{[0-9]}}} {z}
// END-COUNT-4: tdpbusd
// END-COUNT-4: tilestored
mlopt.kernel @end(%a: tensor<100x70xui8>, %b: tensor<70x64xi8>) -> tensor<100x64xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[100, 70], [70, 64], [100, 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<100x70xui8>, tensor<70x64xi8>, none, none) -> tensor<100x64xi32>
  mlopt.yield %acc : tensor<100x64xi32>
}

// One row is no work for tiles.
// VECTORS: vpdpbusd
mlopt.kernel @vectors(%a: tensor<1x192xui8>, %b: tensor<192x64xi8>) -> tensor<1x64xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 192], [192, 64], [1, 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<1x192xui8>, tensor<192x64xi8>, none, none) -> tensor<1x64xi32>
  mlopt.yield %acc : tensor<1x64xi32>
}
