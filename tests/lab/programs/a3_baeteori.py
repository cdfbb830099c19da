# 배터리 수명 예측 (v1)
import asyncio
import json
import os
import random

from runmetrics import Run

run = Run.get_context()


class CellDataError(RuntimeError):
    pass


async def 셀_적합(번호):
    무작위 = random.Random(번호)
    await asyncio.sleep(무작위.uniform(300, 2400))
    용량 = [1.0 - 0.0004 * n - 무작위.uniform(0, 0.001) for n in range(300)]
    if 번호 == 27:
        raise CellDataError(f"셀 {번호}: 온도 채널이 비어 있음 (기록 0건)")
    run.log("수명_주기", 1500 - 번호 * 7, step=번호)
    print(f"셀 {번호:02d} 완료, 마지막 용량 {용량[-1]:.3f}")
    return 번호, 용량[-1]


async def main():
    os.makedirs("outputs", exist_ok=True)
    with open("outputs/설정.json", "w") as f:
        json.dump({"셀": 32, "모형": "지수"}, f, ensure_ascii=False)
    async with asyncio.TaskGroup() as 묶음:
        작업 = [묶음.create_task(셀_적합(n)) for n in range(1, 33)]
    with open("outputs/수명.json", "w") as f:
        json.dump([t.result() for t in 작업], f)
    print("모든 셀 완료")


asyncio.run(main())
