// The loops of training for every processor.
#define TARGET
#define VECTOR
#define TABLE training_scalar_kernels
#include "training_loops.h"
