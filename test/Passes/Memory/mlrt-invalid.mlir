// RUN: %mlopt-opt --split-input-file --verify-diagnostics %s
// REQUIRES: mlopt-opt

mlrt.program @main attributes {symbols = [], inputs = [], outputs = []} {
  // expected-error@+1 {{block with no terminator}}
  mlrt.barrier
}

// -----

mlrt.program @main attributes {symbols = [], inputs = [], outputs = []} {
  // expected-error@+1 {{uses 'n', which no symbol or step before it defines}}
  mlrt.step "b0" = "n * 4"
  mlrt.return arena_bytes(0) lower_bound(0)
}

// -----

mlrt.program @main attributes {symbols = [], inputs = [], outputs = []} {
  // expected-error@+1 {{expects an index below 0, got 0}}
  %0 = mlrt.input 0
  mlrt.return arena_bytes(0) lower_bound(0)
}

// -----

mlrt.program @main attributes {symbols = [], inputs = [], outputs = []} {
  // expected-error@+1 {{expects multiples of 64, got 100}}
  %0 = mlrt.arena offset(0) bytes(100) live [0, 0]
  mlrt.return arena_bytes(0) lower_bound(0)
}

// -----

mlrt.program @main attributes {symbols = [], inputs = [], outputs = []} {
  %0 = mlrt.arena offset(0) bytes(128) live [0, 0]
  // expected-error@+1 {{expects number 0, got 3}}
  mlrt.copy 3 %0 to %0 bytes(128) after()
  mlrt.return arena_bytes(128) lower_bound(128)
}

// -----

mlrt.program @main attributes {symbols = [], inputs = [], outputs = []} {
  %0 = mlrt.arena offset(0) bytes(128) live [0, 0]
  // expected-error@+1 {{expects earlier numbers in 'after', got 0}}
  mlrt.copy 0 %0 to %0 bytes(128) after(all 0)
  mlrt.return arena_bytes(128) lower_bound(128)
}

// -----

mlrt.program @main attributes {symbols = [], inputs = [], outputs = []} {
  // expected-error@+1 {{expects a parameter named 'w'}}
  %0 = mlrt.weight @w bytes(64)
  mlrt.return arena_bytes(0) lower_bound(0)
}
