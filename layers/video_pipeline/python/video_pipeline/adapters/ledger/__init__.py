"""The ledger in DynamoDB: one table, one item per fact.

pk                 sk              what
JOB#<job>          JOB             the job
JOB#<job>          EVENT#<number>  an event of the job, until retention ends
JOB#<job>          CLAIMS#<n>      task ids that callbacks of attempt n named
TASK#<task>        TASK            which attempt owns a task
DROP#<drop>        DROP            a drop and its counter
DROP#<drop>        ROSTER#<n>      the drop's job ids, in the order of the manifest
FOLDER#<folder>    FOLDER          which manifest owns an archive folder
CREDITS#<day>      CREDITS         what a UTC day has reserved and charged
CONTROL            CONTROL         account-wide trouble
"""
