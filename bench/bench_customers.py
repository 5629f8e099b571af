"""Import of 20,000 customers of a former system."""

import base64
import csv
import io

from bench import common, town

COUNT = common.scaled(20000, 200)
LIMIT = 360
HEADINGS = """用户编号 户名 电话 小区 楼幢 单元 房号 建筑类型 用户类别 气价 人口数
    表号 表位数 最大流量 启用日期 期初读数 本年已用气量 月均用量 缴费方式 银行账号
    抄表册 册内序号"""


def write_csv(count):
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADINGS.split())
    for number in range(1, count + 1):
        house = town.House(number)
        debit = number % 3 == 0
        writer.writerow(
            (
                house.account,
                house.name,
                house.phone,
                house.community,
                house.building,
                house.unit,
                house.room,
                "多层",
                "居民",
                "RES-A",
                house.persons,
                house.meter,
                5,
                4,
                town.INSTALLED.isoformat(),
                house.register,
                number % 300,
                30,
                "银行代扣" if debit else "营业厅",
                f"6222{number:015d}" if debit else "",
                house.book,
                house.seq,
            )
        )
    return base64.b64encode(buffer.getvalue().encode())


def main(env):
    roles = town.set_up(env)
    clerk = roles["clerk"]
    record = clerk["gas.customer.import"].create(
        {"name": "customers", "filename": "c.csv", "file": write_csv(COUNT)}
    )
    record.company_id.sudo().gas_inline_limit = 0
    env.cr.commit()

    def check():
        record.action_check()

    def work():
        record.action_import()
        env.cr.commit()
        worker = env["gas.customer.import"].browse(record.id)
        while worker._import_chunk():
            env.flush_all()
            env.cr.commit()

    checking = common.timed(env, check)
    building = common.timed(env, work)
    print(f"  checking {checking:.1f} s, creating {building:.1f} s")
    accounts = env["gas.account"].search_count([])
    assert accounts == COUNT, (accounts, record.message)
    seconds = checking + building
    common.report(
        env,
        f"import of {COUNT:,} customers",
        f"{seconds:.0f} s ({common.rate(COUNT, seconds):.0f}/s)",
        f"≤ {LIMIT * common.SIZE:.0f} s",
        seconds <= LIMIT * max(common.SIZE, 0.05),
        memory=common.peak_mb(),
    )


if "env" in globals():
    main(globals()["env"])
