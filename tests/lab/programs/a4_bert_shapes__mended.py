import logging
import math
import os
import time

import torch
from torch import nn

logging.basicConfig(format="%(asctime)s - %(levelname)s - %(name)s -   %(message)s", datefmt="%m/%d/%Y %H:%M:%S", level=logging.INFO)
logger = logging.getLogger("ner")
torch.manual_seed(42)
torch.set_num_threads(1)


class Tagger(nn.Module):
    def __init__(self, vocab=500, width=48, tags=9):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.mix = nn.GRU(width, width, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * width, tags)

    def forward(self, ids):
        mixed, _ = self.mix(self.embed(ids))
        return self.head(mixed)


class Distilled(nn.Module):
    def __init__(self, teacher):
        super().__init__()
        self.embed = teacher.embed
        self.head = nn.Linear(teacher.embed.embedding_dim, 9)

    def forward(self, ids):
        return self.head(self.embed(ids))


def train(model, steps):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for step in range(1, steps + 1):
        ids = torch.randint(0, 500, (8, 24))
        loss = nn.functional.cross_entropy(model(ids).flatten(0, 1), (ids % 9).flatten())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        time.sleep(40)
        if step % 10 == 0:
            logger.info("  step %d/%d loss %.4f ppl %.2f", step, steps, loss.item(), math.exp(loss.item()))


logger.info("***** Running training *****")
teacher = Tagger()
train(teacher, 80)
torch.save(teacher.state_dict(), os.path.join(os.environ["AZURE_ML_OUTPUT_ner"], "teacher.pt"))
logger.info("Model weights saved in teacher.pt")
logger.info("***** Distilling *****")
student = Distilled(teacher)
train(student, 40)
torch.save(student.state_dict(), os.path.join(os.environ["AZURE_ML_OUTPUT_ner"], "student.pt"))
logger.info("Model weights saved in student.pt")
