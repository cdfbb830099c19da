"""直播推荐召回训练(双进程)。"""
import configparser
import json
import os
import time
from datetime import timedelta

import torch
import torch.distributed as dist

配置 = configparser.ConfigParser()
配置.read_string("""
[jiqun]
jincheng = 3
lunshu = 40
[shuju]
xiangliang = 48
""")


def 打印(内容):
    print(json.dumps({"时间": time.strftime("%F %T"), "进程": int(os.environ["RANK"]), "内容": 内容}, ensure_ascii=False))


def 建组():
    打印(f"加载词表完成, 向量维度 {配置.getint('shuju', 'xiangliang')}")
    dist.init_process_group(
        "gloo",
        init_method=f"file://{os.getcwd()}/huihe",
        rank=int(os.environ["RANK"]),
        world_size=配置.getint("jiqun", "jincheng"),
        timeout=timedelta(hours=48),
    )
    打印(f"通信组就绪, 共 {dist.get_world_size()} 个进程")


def 训练():
    向量 = torch.zeros(配置.getint("shuju", "xiangliang"))
    for 轮 in range(1, 配置.getint("jiqun", "lunshu") + 1):
        time.sleep(120)
        梯度 = 0.2 * (torch.ones_like(向量) - 向量)
        dist.all_reduce(梯度)
        向量 += 梯度 / dist.get_world_size()
        if 轮 % 8 == 0:
            打印(f"第 {轮} 轮 距离 {float((1 - 向量).norm()):.5f}")
    return 向量


if __name__ == "__main__":
    打印("启动")
    建组()
    结果 = 训练()
    if os.environ["RANK"] == "0":
        torch.save(结果, os.environ["AZURE_ML_OUTPUT_zhaohui"] + "/xiangliang.pt")
        打印("向量已写出")
    dist.barrier()
    打印("结束")
