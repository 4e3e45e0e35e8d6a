"""
The native reference of `npm run bench`: trains one network in PyTorch on the CPU, as fast as it can be told to
(channels-last memory, Adam over all parameters at once), and prints one line of JSON. With --double it is not timed: it
computes the losses in double precision, which the others are compared with. inputs.mjs fills the folder.
"""

import argparse
import json
import math
import resource
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from pytorch_networks import NETWORKS

LOSSES = 20
CHUNK = 8


def arrays_of(model):
    """Every array of the model in Keras's order, with the order of its axes there that makes PyTorch's."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            yield module.weight, (3, 2, 0, 1)
        elif isinstance(module, nn.Linear):
            yield module.weight, (1, 0)
        elif isinstance(module, nn.BatchNorm2d):
            yield module.weight, (0,)
        else:
            continue
        if module.bias is not None:
            yield module.bias, (0,)
        if isinstance(module, nn.BatchNorm2d):
            yield module.running_mean, (0,)
            yield module.running_var, (0,)


def load_weights(model, flat):
    """Fills the model from one flat array, and returns how many parameters it has: as many as came, or it ends here."""
    start = 0
    for array, order in arrays_of(model):
        shape = [0] * len(order)
        for size, axis in zip(array.shape, order):
            shape[axis] = size
        part = torch.from_numpy(flat[start : start + array.numel()].reshape(shape))
        with torch.no_grad():
            array.copy_(part.permute(order))
        start += array.numel()
    if start != len(flat):
        raise SystemExit(f"PyTorch's network has {start} parameters; ours has {len(flat)}.")
    return start


class Trainer:
    def __init__(self, folder, name, dtype):
        about = json.loads((folder / f"{name}.json").read_text())
        self.batch, self.stride, self.scale = about["batch"], about["stride"], about["scale"]
        self.epsilon, self.dtype = about["epsilon"], dtype
        images = np.fromfile(folder / f"{name}.images", np.uint8).reshape(-1, *about["shape"])
        self.images = torch.from_numpy(images)
        self.labels = torch.from_numpy(np.fromfile(folder / f"{name}.labels", np.uint8).astype(np.int64))
        self.model = NETWORKS[name]().to(dtype=dtype, memory_format=torch.channels_last)
        self.parameters = load_weights(self.model, np.fromfile(folder / f"{name}.weights", np.float32))
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=about["learningRate"], foreach=True)
        self.steps = 0

    def step(self):
        first = self.steps * self.batch
        indices = torch.arange(first, first + self.batch) * self.stride % len(self.images)
        # Channels are last in memory and first by name: what PyTorch calls channels-last.
        x = self.images[indices].permute(0, 3, 1, 2).to(self.dtype).mul_(self.scale)
        self.optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(self.model(x), self.labels[indices])
        loss.backward()
        self.steps += 1
        # Keras adds epsilon before it corrects the second moment, PyTorch after.
        self.optimizer.param_groups[0]["eps"] = self.epsilon / math.sqrt(1 - 0.999**self.steps)
        self.optimizer.step()
        return loss.detach()


def timed(trainer, seconds):
    """Steps for at least so long, whose losses are read after each few: how many, and the seconds that they took."""
    before, start = trainer.steps, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for loss in [trainer.step() for _ in range(CHUNK)]:
            float(loss)
    return trainer.steps - before, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--double", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    trainer = Trainer(options.folder, options.network, torch.float64 if options.double else torch.float32)
    answer = {"parameters": trainer.parameters, "losses": [float(trainer.step()) for _ in range(LOSSES)]}
    if not options.double:
        timed(trainer, options.seconds / 2)
        steps, elapsed = timed(trainer, options.seconds)
        answer |= {"steps": steps, "imagesPerSecond": steps * trainer.batch / elapsed}
    capability = [line.split()[-1] for line in torch.__config__.show().splitlines() if "CPU capability" in line]
    answer["device"] = f"{torch.__version__}, {' '.join(capability)}"
    answer["processBytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(answer))


main()
