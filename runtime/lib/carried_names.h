/*===-- carried_names.h - mlopt_rt_* becomes mlopt_rt1_* in an artefact ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

/* A test compares this list with the functions of the C API. The loader is not among them. */

#ifndef MLOPT_RUNTIME_CARRIED_NAMES_H
#define MLOPT_RUNTIME_CARRIED_NAMES_H

#define mlopt_rt_abi_version mlopt_rt1_abi_version
#define mlopt_rt_context_arena_bytes mlopt_rt1_context_arena_bytes
#define mlopt_rt_context_create mlopt_rt1_context_create
#define mlopt_rt_context_device mlopt_rt1_context_device
#define mlopt_rt_context_entry mlopt_rt1_context_entry
#define mlopt_rt_context_gang mlopt_rt1_context_gang
#define mlopt_rt_context_infer mlopt_rt1_context_infer
#define mlopt_rt_context_launch mlopt_rt1_context_launch
#define mlopt_rt_context_launch_count mlopt_rt1_context_launch_count
#define mlopt_rt_context_output mlopt_rt1_context_output
#define mlopt_rt_context_prepare mlopt_rt1_context_prepare
#define mlopt_rt_context_release mlopt_rt1_context_release
#define mlopt_rt_context_run mlopt_rt1_context_run
#define mlopt_rt_context_run_pointers mlopt_rt1_context_run_pointers
#define mlopt_rt_context_set_profile mlopt_rt1_context_set_profile
#define mlopt_rt_context_stream mlopt_rt1_context_stream
#define mlopt_rt_context_synchronize mlopt_rt1_context_synchronize
#define mlopt_rt_context_target mlopt_rt1_context_target
#define mlopt_rt_context_threads mlopt_rt1_context_threads
#define mlopt_rt_cpu_count mlopt_rt1_cpu_count
#define mlopt_rt_cpu_features mlopt_rt1_cpu_features
#define mlopt_rt_dtype_bytes mlopt_rt1_dtype_bytes
#define mlopt_rt_dtype_name mlopt_rt1_dtype_name
#define mlopt_rt_module_arena_bytes mlopt_rt1_module_arena_bytes
#define mlopt_rt_module_entry_count mlopt_rt1_module_entry_count
#define mlopt_rt_module_entry_name mlopt_rt1_module_entry_name
#define mlopt_rt_module_find_entry mlopt_rt1_module_find_entry
#define mlopt_rt_module_from_query mlopt_rt1_module_from_query
#define mlopt_rt_module_gpu_function mlopt_rt1_module_gpu_function
#define mlopt_rt_module_gpu_target mlopt_rt1_module_gpu_target
#define mlopt_rt_module_gpu_target_count mlopt_rt1_module_gpu_target_count
#define mlopt_rt_module_header mlopt_rt1_module_header
#define mlopt_rt_module_input mlopt_rt1_module_input
#define mlopt_rt_module_input_count mlopt_rt1_module_input_count
#define mlopt_rt_module_level mlopt_rt1_module_level
#define mlopt_rt_module_level_count mlopt_rt1_module_level_count
#define mlopt_rt_module_level_name mlopt_rt1_module_level_name
#define mlopt_rt_module_metadata mlopt_rt1_module_metadata
#define mlopt_rt_module_name mlopt_rt1_module_name
#define mlopt_rt_module_output mlopt_rt1_module_output
#define mlopt_rt_module_output_count mlopt_rt1_module_output_count
#define mlopt_rt_module_producer mlopt_rt1_module_producer
#define mlopt_rt_module_release mlopt_rt1_module_release
#define mlopt_rt_module_retain mlopt_rt1_module_retain
#define mlopt_rt_module_symbol mlopt_rt1_module_symbol
#define mlopt_rt_module_symbol_count mlopt_rt1_module_symbol_count
#define mlopt_rt_module_verify_weights mlopt_rt1_module_verify_weights
#define mlopt_rt_module_weights_bytes mlopt_rt1_module_weights_bytes
#define mlopt_rt_pool_create mlopt_rt1_pool_create
#define mlopt_rt_pool_enter mlopt_rt1_pool_enter
#define mlopt_rt_pool_from_executor mlopt_rt1_pool_from_executor
#define mlopt_rt_pool_from_ops mlopt_rt1_pool_from_ops
#define mlopt_rt_pool_gangs mlopt_rt1_pool_gangs
#define mlopt_rt_pool_release mlopt_rt1_pool_release
#define mlopt_rt_pool_retain mlopt_rt1_pool_retain
#define mlopt_rt_pool_threads mlopt_rt1_pool_threads
#define mlopt_rt_status_code mlopt_rt1_status_code
#define mlopt_rt_status_message mlopt_rt1_status_message
#define mlopt_rt_status_release mlopt_rt1_status_release
#define mlopt_rt_tensor_bytes mlopt_rt1_tensor_bytes
#define mlopt_rt_train_create mlopt_rt1_train_create
#define mlopt_rt_train_eval mlopt_rt1_train_eval
#define mlopt_rt_train_grad mlopt_rt1_train_grad
#define mlopt_rt_train_gradients mlopt_rt1_train_gradients
#define mlopt_rt_train_info mlopt_rt1_train_info
#define mlopt_rt_train_init mlopt_rt1_train_init
#define mlopt_rt_train_input_name mlopt_rt1_train_input_name
#define mlopt_rt_train_load mlopt_rt1_train_load
#define mlopt_rt_train_memory_bytes mlopt_rt1_train_memory_bytes
#define mlopt_rt_train_release mlopt_rt1_train_release
#define mlopt_rt_train_save mlopt_rt1_train_save
#define mlopt_rt_train_seed mlopt_rt1_train_seed
#define mlopt_rt_train_set_clip_norm mlopt_rt1_train_set_clip_norm
#define mlopt_rt_train_set_learning_rate mlopt_rt1_train_set_learning_rate
#define mlopt_rt_train_set_seed mlopt_rt1_train_set_seed
#define mlopt_rt_train_set_step_number mlopt_rt1_train_set_step_number
#define mlopt_rt_train_slot_name mlopt_rt1_train_slot_name
#define mlopt_rt_train_step mlopt_rt1_train_step
#define mlopt_rt_train_step_number mlopt_rt1_train_step_number
#define mlopt_rt_train_tensor mlopt_rt1_train_tensor
#define mlopt_rt_train_tensor_count mlopt_rt1_train_tensor_count
#define mlopt_rt_train_update mlopt_rt1_train_update

#endif /* MLOPT_RUNTIME_CARRIED_NAMES_H */
