"""The networks of `npm run bench` in PyTorch, layer by layer as src/engine/testing/benchNetworks.ts has them."""

from torch import nn


class Flatten(nn.Module):
    """Height, width, channels: as Keras flattens. Free where the memory is channels-last already."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)


class GlobalAverage(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Residual(nn.Module):
    """Two normalized convolutions, and the input added to what they give."""

    def __init__(self, filters):
        super().__init__()
        self.body = nn.Sequential(
            *normalized(filters, filters), nn.ReLU(inplace=True), *normalized(filters, filters)
        )
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(x + self.body(x))


def normalized(inputs, filters):
    return [
        nn.Conv2d(inputs, filters, 3, padding="same", bias=False),
        nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01),
    ]


def relu():
    return nn.ReLU(inplace=True)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), relu(), nn.MaxPool2d(2),
        nn.Conv2d(32, 32, 2), relu(), nn.MaxPool2d(2),
        Flatten(), nn.Linear(1152, 500), relu(), nn.Linear(500, 10),
    )


def mlp():
    return nn.Sequential(
        Flatten(), nn.Linear(784, 128), relu(), nn.Linear(128, 64), relu(), nn.Linear(64, 10)
    )


def residual():
    return nn.Sequential(
        *normalized(1, 16), relu(), nn.MaxPool2d(2), Residual(16),
        *normalized(16, 32), relu(), nn.MaxPool2d(2), Residual(32),
        GlobalAverage(), nn.Linear(32, 10),
    )


def colour():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), relu(), nn.Conv2d(32, 32, 3), relu(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), relu(), nn.MaxPool2d(2), Flatten(), nn.Linear(2304, 10),
    )


NETWORKS = {"lenet": lenet, "mlp": mlp, "residual": residual, "colour": colour}
